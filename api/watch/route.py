"""The template of the route that served a request: what metrics and traces may be labelled by."""

from __future__ import annotations

from starlette.types import Scope

UNMATCHED = "unmatched"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template(scope: Scope, below: str = "") -> str:
    """``/v1/documents/{id}``, ``/static/*``, or ``unmatched``, of a request that has been routed.

    A raw path never leaves here: a client could make any number of them. ``below`` is the ``root_path`` that the request
    came with: where the service is itself mounted in another application.
    """
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", UNMATCHED))
    if "endpoint" not in scope or scope["endpoint"] is None:
        return UNMATCHED
    mounted = str(scope.get("root_path", "")).removeprefix(below)
    if mounted:
        return f"{mounted}/*"
    # A plain route of the framework (/openapi.json): without parameters its path is its template.
    return UNMATCHED if scope.get("path_params") else str(scope["path"]).removeprefix(below)


def method(scope: Scope) -> str:
    """The request's method, one of a fixed few."""
    name = str(scope["method"]).upper()
    return name if name in METHODS else "OTHER"
