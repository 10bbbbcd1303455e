"""Pages of other sites: which may ask, and that none may change anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import Request, Response
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api import create_app
from api.guard.caller import caller_of
from api.guard.origins import parse_origins
from rag import SettingError, Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import URL, wait_ready

SHOP = "https://shop.example"
FROM_SHOP = {"Origin": SHOP}


def service(fake: FakeAssistant, **settings: Any) -> Iterator[TestClient]:
    app = create_app(as_assistant(fake), Settings(allowed_origins=f"{SHOP}, https://other.example:8443", **settings))
    with TestClient(app, base_url=URL) as client:
        wait_ready(client)
        yield client


@pytest.fixture
def open_one(fake: FakeAssistant) -> Iterator[TestClient]:
    yield from service(fake)


@pytest.fixture
def locked(fake: FakeAssistant) -> Iterator[TestClient]:
    yield from service(fake, api_keys=SecretStr("public-key:ask, whole-key, meter-key:ask+ops"))


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", set()),
        ("https://a.example", {"https://a.example"}),
        (" HTTPS://A.Example/ , http://b.example:8080,", {"https://a.example", "http://b.example:8080"}),
        ("https://a.example:443,http://a.example:80", {"https://a.example", "http://a.example"}),
        ("https://例子.example", {"https://xn--fsqu00a.example"}),
        ("http://[::1]:3000", {"http://[::1]:3000"}),
        ("chrome-extension://abcdef", {"chrome-extension://abcdef"}),
    ],
)
def test_origins_are_as_browsers_write_them(text: str, origins: set[str]) -> None:
    assert parse_origins(Settings(allowed_origins=text)) == origins


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "a.example",
        "https://",
        "https://a.example/shop",
        "https://a.example?x=1",
        "https://me:pw@a.example",
        "https://a.example:port",
        "https://*.example/*",
        "https://[::1",
    ],
)
def test_what_is_no_origin_is_refused_at_the_start(text: str, fake: FakeAssistant) -> None:
    with pytest.raises(SettingError, match="RAG_ALLOWED_ORIGINS") as caught:
        create_app(as_assistant(fake), Settings(allowed_origins=text))
    assert caught.value.param == "allowed_origins"
    assert "RAG_ALLOWED_ORIGINS" in caught.value.zh


def preflight(client: TestClient, origin: str, method: str = "POST") -> Any:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    return client.options(
        "/v1/chat", headers={**asked, "Access-Control-Request-Headers": "authorization, content-type, x-stainless-os"}
    )


def test_preflight_of_an_allowed_origin_needs_no_key(locked: TestClient) -> None:
    reply = preflight(locked, SHOP)
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == SHOP
    assert "POST" in reply.headers["access-control-allow-methods"]
    assert "authorization" in reply.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in reply.headers
    assert "Origin" in reply.headers["vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://shop.example", f"{SHOP}.evil.example"])
def test_preflight_of_another_origin_is_refused_in_the_one_shape(locked: TestClient, origin: str) -> None:
    reply = preflight(locked, origin)
    assert (reply.status_code, reply.json()["error"]["code"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in reply.headers


def test_preflight_for_a_method_that_is_none(open_one: TestClient) -> None:
    reply = preflight(open_one, SHOP, "BREW")
    assert (reply.status_code, reply.json()["error"]["code"]) == (405, "method_not_allowed")


def test_off_unless_set(client: TestClient) -> None:
    reply = preflight(client, SHOP)
    assert reply.status_code == 403
    assert "vary" not in reply.headers or "Origin" not in reply.headers["vary"]


def test_a_public_key_asks_from_an_allowed_page_and_the_page_can_read_the_reply(locked: TestClient) -> None:
    headers = {**FROM_SHOP, "Authorization": "Bearer public-key"}
    reply = locked.post("/v1/chat", json={"question": "谁种茶"}, headers=headers)
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == SHOP
    assert "X-Request-Id" in reply.headers["access-control-expose-headers"]
    assert "Retry-After" in reply.headers["access-control-expose-headers"]


def test_an_allowed_page_needs_a_key_and_can_read_that_it_does(locked: TestClient) -> None:
    reply = locked.post("/v1/chat", json={"question": "谁种茶"}, headers=FROM_SHOP)
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "unauthorized")
    assert reply.headers["access-control-allow-origin"] == SHOP


def test_a_bug_can_be_read_by_an_allowed_page_and_by_no_other(open_one: TestClient, client: TestClient) -> None:
    headers = {**FROM_SHOP, "X-Request-Id": "shop-7"}
    reply = open_one.post("/v1/chat", json={"question": "故障"}, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, "internal_error")
    assert reply.headers["access-control-allow-origin"] == SHOP
    assert reply.headers["x-request-id"] == reply.json()["error"]["request_id"] == "shop-7"
    plain = client.post("/v1/chat", json={"question": "故障"})
    assert plain.headers["x-request-id"] == plain.json()["error"]["request_id"]
    assert "access-control-allow-origin" not in plain.headers


@pytest.mark.parametrize("key", ["whole-key", "meter-key"])
def test_a_key_with_more_than_ask_is_refused_from_another_site(
    locked: TestClient, fake: FakeAssistant, key: str
) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    foreign = locked.post("/v1/chat", json={"question": "谁种茶"}, headers={**headers, **FROM_SHOP})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "key_not_public")
    assert fake.calls == []
    own = locked.post("/v1/chat", json={"question": "谁种茶"}, headers={**headers, "Origin": URL})
    assert own.status_code == 200


def test_in_an_open_service_another_sites_page_may_ask_and_nothing_else(open_one: TestClient) -> None:
    seen = {}

    @open_one.app.post("/v1/probe")  # type: ignore[attr-defined]
    async def probe(request: Request) -> dict[str, bool]:
        seen.update(rights=caller_of(request).rights)
        return {}

    assert open_one.post("/v1/probe", headers=FROM_SHOP).status_code == 200
    assert seen["rights"] == {"ask"}
    assert open_one.post("/v1/probe", headers={"Origin": URL}).status_code == 200
    assert seen["rights"] == {"ask", "write", "ops"}


def test_replies_to_different_origins_are_not_mixed_in_a_cache(open_one: TestClient) -> None:
    assert "Origin" in open_one.get("/healthz").headers["vary"]


def test_what_other_sites_may_embed_says_so_itself(client: TestClient) -> None:
    @client.app.get("/static/of-all")  # type: ignore[attr-defined]
    async def shared() -> Response:
        return Response("", headers={"Cross-Origin-Resource-Policy": "cross-origin"})

    app = client.app
    app.router.routes.insert(0, app.router.routes.pop())  # type: ignore[attr-defined]
    assert client.get("/static/of-all").headers["cross-origin-resource-policy"] == "cross-origin"
    assert client.get("/static/app.js").headers["cross-origin-resource-policy"] == "same-origin"
