"""A live server on loopback."""

from __future__ import annotations

import json
import socket
import urllib.request

import pytest
from pydantic import SecretStr

from api.guard.keys import name_of
from api.run.server import listen, make_server, url_of
from api.run.serving import serve
from rag import SettingError, Settings
from tests.api.fake import FakeAssistant, as_assistant
from tests.api.live import running


def test_port_0_serves_and_reports_the_real_url(fake: FakeAssistant) -> None:
    with running(Settings(port=0), fake) as url:
        assert url.startswith("http://127.0.0.1:")
        assert not url.endswith(":0")
        request = urllib.request.Request(
            f"{url}/v1/chat", json.dumps({"question": "谁种茶"}).encode(), {"Content-Type": "application/json"}
        )
        # A thread loads the assistant; the first question may come before it is done.
        for _ in range(100):
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as reply:
                assert json.load(reply) == {"status": "ok"}
            if fake.warmed:
                break
        with urllib.request.urlopen(request, timeout=5) as reply:
            assert len(json.load(reply)["items"]) == 5
            assert "server" not in reply.headers


def test_port_in_use_is_one_clear_error(fake: FakeAssistant) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SettingError, match=f"Port {port} is in use") as caught:
            serve(Settings(port=port), assistant=as_assistant(fake), ready=print)
    assert str(port) in caught.value.zh
    assert caught.value.param == "port"


def test_two_servers_cannot_take_one_port() -> None:
    with listen("127.0.0.1", 0) as first, pytest.raises(SettingError):
        listen("127.0.0.1", first.getsockname()[1])


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "example.com"])
def test_beyond_loopback_needs_keys(fake: FakeAssistant, host: str) -> None:
    for keys in ("", " , "):
        settings = Settings(host=host, port=0, api_keys=SecretStr(keys))
        with pytest.raises(SettingError, match="RAG_API_KEYS"):
            make_server(settings, assistant=as_assistant(fake), ready=print)


def test_with_keys_it_may_bind_everywhere(fake: FakeAssistant) -> None:
    with running(Settings(host="0.0.0.0", port=0, api_keys=SecretStr("key")), fake) as url:
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as reply:
            assert reply.status == 200


def test_an_address_of_another_machine_is_a_clear_error(fake: FakeAssistant) -> None:
    settings = Settings(host="192.0.2.1", port=0, api_keys=SecretStr("key"))
    with pytest.raises(SettingError, match="not an address of this machine"):
        make_server(settings, assistant=as_assistant(fake), ready=print)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("[::1]", "http://[::1]:80"),
        ("a.b", "http://a.b:80"),
    ],
)
def test_url(host: str, url: str) -> None:
    assert url_of(host, 80) == url


def test_short_keys_beyond_loopback_are_warned_of_by_name(
    fake: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    for host, warned in (("0.0.0.0", True), ("127.0.0.1", False)):
        caplog.clear()
        settings = Settings(host=host, port=0, api_keys=SecretStr("brief-key, a-key-that-is-long-enough"))
        make_server(settings, assistant=as_assistant(fake), ready=print).listening.close()
        named = [record for record in caplog.records if record.message == "weak_keys"]
        assert [getattr(record, "callers", None) for record in named] == ([[name_of("brief-key")]] if warned else [])
        assert "brief-key" not in caplog.text


def test_keys_that_cannot_be_read_stop_it_at_the_start(fake: FakeAssistant) -> None:
    with pytest.raises(SettingError, match="ask, write, ops"):
        make_server(Settings(port=0, api_keys=SecretStr("key:all")), assistant=as_assistant(fake), ready=print)
