"""A request's path within this application, and the methods that a path takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from starlette.types import Scope

PARAMETER = re.compile(r"\{[^}]*\}")


def own_path(scope: Scope) -> str:
    """The path within this application, which may be mounted below another's."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


def location(scope: Scope, path: str) -> str:
    """A path of this application as the client knows it: below the application that it is mounted in."""
    return f"{scope.get('root_path', '')}{path}"


def methods_of(path: str, document: Mapping[str, Any]) -> set[str]:
    """The methods that the OpenAPI ``document`` names for ``path``.

    >>> methods_of("/a/1", {"paths": {"/a/{id}": {"get": {}, "delete": {}}, "/a": {"post": {}}}}) == {"GET", "DELETE"}
    True
    """
    found: set[str] = set()
    for template, operations in document.get("paths", {}).items():
        if _pattern(template).fullmatch(path):
            found.update(method.upper() for method in operations)
    return found


@lru_cache(maxsize=1000)
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(map(re.escape, PARAMETER.split(template))))
