"""No parameter is passed over in silence: what an address says after its ``?`` is known to its route, or told."""

from __future__ import annotations

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.errors import ApiError
from api.guard.addresses import own_path

CHECKED = "/v1/"
# OpenAI's clients may carry parameters of other services (api-version).
OPEN = frozenset({"/v1/chat/completions", "/v1/models"})


def no_unknown_parameters(request: Request) -> None:
    """A dependency of every route.

    Raises:
        ApiError: 422 ``unknown_parameter``, naming the first and those that there are. A collection named where it is not
            looked for would otherwise be another one.
    """
    route, path = request.scope.get("route"), own_path(request.scope)
    if not isinstance(route, APIRoute) or not path.startswith(CHECKED) or path in OPEN:
        return
    known = sorted(_names(route.dependant))
    unknown = next((name for name in request.query_params if name not in known), None)
    if unknown is None:
        return
    name = unknown[:100].encode("utf-8", "replace").decode()
    there = ", ".join(known)
    raise ApiError(
        422,
        "unknown_parameter",
        f"这个地址没有参数 {name}，" + (f"可用的有 {there}。" if there else "请写在请求体里，或去掉。"),
        f"This address takes no parameter {name}; "
        + (f"there are {there}." if there else "put it into the body, or leave it out."),
        param=name,
    )


def _names(dependant: Dependant) -> set[str]:
    """The names of the parameters that a route and what it depends on look for."""
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_names(each) for each in dependant.dependencies))
