"""The front door: ``from suanlian import Assistant, create_app``; the command line is :mod:`suanlian.cli`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.app import create_app
    from rag import (
        Answer,
        Assistant,
        Citation,
        Document,
        Event,
        Filter,
        LanguageModel,
        Settings,
        Written,
        load_settings,
    )

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Document",
    "Event",
    "Filter",
    "LanguageModel",
    "Settings",
    "Written",
    "create_app",
    "load_settings",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: the command line starts without what it does not need."""
    if name == "create_app":
        from api.app import create_app

        return create_app
    if name in __all__:
        import rag

        return getattr(rag, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
