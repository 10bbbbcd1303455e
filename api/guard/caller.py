"""Who sends a request, what they may do, and in which collections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query, Request

from api.errors import ApiError

Right = Literal["ask", "write", "ops"]
RIGHTS: tuple[Right, ...] = ("ask", "write", "ops")


@dataclass(frozen=True, slots=True)
class Caller:
    """One key, or the open service's everyone.

    ``name`` tells callers apart in limits and logs and is never the key itself. ``rights``: ``ask`` is asking and reading,
    ``write`` changing documents, ``ops`` metrics. ``collections`` are those that the key is bound to; none: all.
    """

    name: str = "open"
    rights: frozenset[Right] = frozenset(RIGHTS)
    collections: tuple[str, ...] = ()

    def may_see(self, collection: str) -> bool:
        """Whether ``collection`` is one of the caller's."""
        return not self.collections or collection in self.collections

    def collection(self, asked: str | None, default: str) -> str:
        """The collection that a request is about: the one it names, else ``default`` or the first that the key is bound to.

        Raises:
            ApiError: 403 ``collection_not_allowed``.
        """
        if asked is None:
            return default if self.may_see(default) else self.collections[0]
        if self.may_see(asked):
            return asked
        raise ApiError(
            403,
            "collection_not_allowed",
            "这个密钥不能使用该资料集，请换一个密钥或资料集。",
            "This key may not use that collection; use another key or another collection.",
            param="collection",
        )


def caller_of(request: Request) -> Caller:
    """Who sends ``request``, as api.guard.access found it."""
    return getattr(request.state, "caller", None) or Caller()


def needs(right: Right) -> Callable[[Request], Caller]:
    """A dependency that gives the caller, where they have ``right``; else it raises 403 ``not_allowed``."""

    def allowed(request: Request) -> Caller:
        caller = caller_of(request)
        if right in caller.rights:
            return caller
        raise ApiError(
            403,
            "not_allowed",
            f"这个密钥没有 {right} 权限，请换一个有此权限的密钥。",
            f"This key does not have the right {right!r}; use one that has it.",
        )

    return allowed


Asker = Annotated[Caller, Depends(needs("ask"))]
Writer = Annotated[Caller, Depends(needs("write"))]
Operator = Annotated[Caller, Depends(needs("ops"))]
CollectionName = Annotated[
    str | None, Query(alias="collection", max_length=200, description="without it, the service's or the key's own")
]
