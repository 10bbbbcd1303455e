import pytest
from starlette.requests import Request

from api.material.media_types import is_json, media_type


@pytest.mark.parametrize(
    ("header", "kind", "json"),
    [
        ("application/json", "application/json", True),
        (" Application/JSON; charset=utf-8", "application/json", True),
        ("application/merge-patch+json", "application/merge-patch+json", True),
        ("text/plain+json", "text/plain+json", False),
        ("", "", False),
    ],
)
def test_what_a_body_is_said_to_be(header: str, kind: str, json: bool) -> None:
    request = Request({"type": "http", "headers": [(b"content-type", header.encode())]})
    assert media_type(request) == kind
    assert is_json(kind) is json
