"""``Idempotency-Key``: the sender's own name for a request, by which a repeated one is known."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from api.errors import ApiError

MAX_CHARS = 255


def idempotency_key(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            json_schema_extra={"minLength": 1, "maxLength": MAX_CHARS},
            description="makes a repeated request one request: the first one's reply comes back",
        ),
    ] = None,
) -> str | None:
    """The header, where there is one.

    Raises:
        ApiError: 422 ``invalid_idempotency_key``.
    """
    if key is not None and not (0 < len(key) <= MAX_CHARS and key.isprintable()):
        raise ApiError(
            422,
            "invalid_idempotency_key",
            f"Idempotency-Key 应为 1–{MAX_CHARS} 个可见字符，例如一个 UUID。",
            f"Idempotency-Key must be 1 to {MAX_CHARS} printable characters, such as a UUID.",
            param="Idempotency-Key",
        )
    return key


IdempotencyKey = Annotated[str | None, Depends(idempotency_key)]
