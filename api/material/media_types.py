"""What a request says that its body is."""

from __future__ import annotations

from fastapi import Request

from api.errors import ApiError


def media_type(request: Request) -> str:
    """The media type of the body in lower case, without parameters; "" where none is named."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    """Whether a media type is JSON or a kind of it (``application/merge-patch+json``)."""
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


async def require_json(request: Request) -> None:
    """A dependency: 415 for a body that is not said to be JSON. (A form of another site can send only other types.)"""
    if not is_json(media_type(request)):
        raise unsupported(
            "请求体应为 JSON：请加上 Content-Type: application/json。",
            "The body must be JSON: send Content-Type: application/json.",
        )


def unsupported(zh: str, en: str) -> ApiError:
    """415: the body is of another type than the route reads."""
    return ApiError(415, "unsupported_media_type", zh, en, param="Content-Type")
