"""The template of the route that served a request: what metrics and traces may be labelled by."""

from __future__ import annotations

from starlette.types import Scope

UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template(scope: Scope) -> str:
    """``/v1/documents/{id}``, ``/static/*``, or ``unmatched``, of a request that has been routed.

    A raw path never leaves here: a client could make any number of them.
    """
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", UNMATCHED))
    if "endpoint" not in scope:
        return UNMATCHED
    if scope.get("root_path"):  # a mounted application
        return f"{scope['root_path']}/*"
    # A plain route of the framework (/docs): without parameters its path is its template.
    return UNMATCHED if scope.get("path_params") else str(scope["path"])


def method(scope: Scope) -> str:
    """The request's method, one of a fixed few."""
    name = str(scope["method"]).upper()
    return name if name in METHODS else "OTHER"
