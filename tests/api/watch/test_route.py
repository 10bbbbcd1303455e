"""Labels have few values, whatever is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from api.watch.route import method, template


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"path": "/v1/x"}, "unmatched"),
        ({"path": "/docs", "endpoint": print, "path_params": {}}, "/docs"),
        ({"path": "/x/1", "endpoint": print, "path_params": {"id": "1"}}, "unmatched"),
        ({"path": "/static/app.js", "endpoint": print, "root_path": "/static"}, "/static/*"),
    ],
)
def test_template(scope: dict[str, Any], expected: str) -> None:
    assert template(scope) == expected


@pytest.mark.parametrize(("given", "expected"), [("GET", "GET"), ("get", "GET"), ("BREW", "OTHER")])
def test_method(given: str, expected: str) -> None:
    assert method({"method": given}) == expected


def test_an_application_below_another_ones_path_names_its_own_routes() -> None:
    docs = {"path": "/qa/docs", "endpoint": print, "path_params": {}, "root_path": "/qa"}
    assert template(docs, "/qa") == "/docs"
    assert template({"path": "/qa/static/app.js", "endpoint": print, "root_path": "/qa/static"}, "/qa") == "/static/*"
    assert template({"path": "/qa/nowhere", "endpoint": None, "root_path": "/qa"}, "/qa") == "unmatched"
