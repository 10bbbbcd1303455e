"""A model over HTTP: the real provider package, the real SDK, and a server on loopback with its troubles."""

from __future__ import annotations

import logging
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr

from rag.errors import LanguageModelError
from rag.llm.build import language_model
from rag.llm.fake import FakeChatModel
from rag.llm.model import LanguageModel, Message
from rag.settings import Settings
from rag.types import Usage
from tests.api.live import until
from tests.llm_stub import MODEL, Stub, served

ASKED: list[Message] = [
    ("system", "只根据材料回答。"),
    ("user", "[1] 茶园有五百亩，在山的南面。\n[2] 茶厂建于一九五二年。\n问题：茶园有多大？"),
]
TRUE = "茶园有五百亩，在山的南面。[1]"


def model_at(stub: Stub, **given: object) -> LanguageModel:
    settings = Settings(**{"llm_model": MODEL, "llm_base_url": stub.url, **given})  # type: ignore[arg-type]
    model = language_model(settings, wait=lambda tried: 0.0)
    assert model is not None
    return model


def failing(model: LanguageModel, **limits: float) -> LanguageModelError:
    with pytest.raises(LanguageModelError) as caught:
        list(model.write(ASKED, **limits))
    return caught.value


def all_end() -> None:
    until(lambda: not [t for t in threading.enumerate() if t.name == "suanlian-llm"])


def test_a_reply_over_http_with_what_was_sent_for_it() -> None:
    with served() as stub:
        writing = model_at(stub, llm_max_tokens=321).write(ASKED)
        pieces = list(writing)
    assert len(pieces) > 3
    assert "".join(pieces) == TRUE
    assert writing.usage == Usage(MODEL, sum(len(text) for _, text in ASKED), len(TRUE))
    assert not writing.cut
    body = stub.requests[0]["body"]
    assert body == {
        "model": MODEL,
        "messages": [{"role": role, "content": text} for role, text in ASKED],
        "max_tokens": 321,
        "temperature": 0.0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_the_settings_key_is_sent_and_without_one_none() -> None:
    with served() as stub:
        list(model_at(stub, llm_api_key=SecretStr("sk-mine")).write(ASKED))
        list(model_at(stub).write(ASKED))
    assert stub.requests[0]["headers"]["Authorization"] == "Bearer sk-mine"
    assert "authorization" not in {name.lower() for name in stub.requests[1]["headers"]}


def test_no_variable_of_the_environment_sends_it_elsewhere_or_adds_to_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "OPENAI_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "LANGSMITH_GATEWAY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/v1")
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID",
                 "LANGSMITH_GATEWAY_API_KEY"):  # fmt: skip
        monkeypatch.setenv(name, "someone-elses")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer someone-elses\nX-Tenant: someone-elses")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with served() as stub:
        assert "".join(model_at(stub).write(ASKED)) == TRUE
        assert "".join(model_at(stub, llm_api_key=SecretStr("sk-mine")).write(ASKED)) == TRUE
    assert "someone-elses" not in str(stub.requests)
    assert not [record for record in caplog.records if record.levelname == "WARNING"]
    assert stub.requests[1]["headers"]["Authorization"] == "Bearer sk-mine"


@pytest.mark.parametrize(
    "troubles",
    [["500", "503"], ["429 after 0.01"], ["refused", "408"], ["502"], ["409"]],
)
def test_what_passes_is_tried_again(troubles: list[str]) -> None:
    with served(None, *troubles) as stub:
        model = model_at(stub)
        assert "".join(model.write(ASKED)) == TRUE
    assert len(stub.requests) == len(troubles) + 1
    assert model.state == "closed"


@pytest.mark.parametrize(
    ("trouble", "word", "counts"),
    [
        ("400", "RAG_LLM_MAX_TOKENS", False),
        ("413", "RAG_LLM_EVIDENCE_CHARS", False),
        ("401", "RAG_LLM_API_KEY", True),
        ("403", "RAG_LLM_API_KEY", True),
        ("404", "RAG_LLM_MODEL", True),
        ("moved", "RAG_LLM_BASE_URL", True),
        ("garbage", "RAG_LLM_BASE_URL", True),
        ("broken_json", "RAG_LLM_BASE_URL", True),
    ],
)
def test_what_does_not_pass_is_said_once_with_what_to_set(
    trouble: str, word: str, counts: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with served(None, trouble) as stub, caplog.at_level(logging.DEBUG, "suanlian.llm"):
        model = model_at(stub, llm_failures=1, llm_api_key=SecretStr("sk-mine"))
        error = failing(model)
        assert len(stub.requests) == 1
    assert error.reason == "failed"
    assert word in error.en and word in error.zh
    assert "trouble" not in f"{error.en}{error.zh}"
    assert "sk-mine" not in f"{error.en}{error.zh}" + "".join(str(record.__dict__) for record in caplog.records)
    if trouble.isdigit():
        assert f"trouble {trouble} of Bearer ***" in caplog.records[0].__dict__["said"]
    assert model.state == ("open" if counts else "closed")


def test_a_wait_that_the_server_asks_for_and_that_is_too_long_is_not_waited() -> None:
    with served(None, "429 after 3600") as stub:
        error = failing(model_at(stub))
        assert len(stub.requests) == 1
    assert error.reason == "failed"
    assert error.retry_after == 3600
    assert "429" in error.en and "稍后" in error.zh


@pytest.mark.parametrize("trouble", ["dropped", "error_event"])
def test_a_reply_that_breaks_off_fails_and_is_not_begun_again(trouble: str) -> None:
    said = []
    with served(None, trouble) as stub:
        writing = model_at(stub).write(ASKED)
        with pytest.raises(LanguageModelError) as caught:
            for piece in writing:
                said.append(piece)
        assert len(stub.requests) == 1
    assert TRUE.startswith("".join(said)) and said
    assert caught.value.reason == "failed"
    all_end()


def test_a_reply_that_ends_without_a_reason_is_cut() -> None:
    with served(None, "ends") as stub:
        writing = model_at(stub).write(ASKED)
        said = "".join(writing)
    assert said != TRUE and TRUE.startswith(said)
    assert writing.cut


@pytest.mark.parametrize("trouble", ["alive", "thinks", "so_far"])
def test_what_is_no_text_is_passed_over(trouble: str) -> None:
    with served(None, trouble) as stub:
        writing = model_at(stub).write(ASKED)
        assert "".join(writing) == TRUE
    assert writing.usage is not None
    if trouble == "so_far":
        assert writing.usage.input_tokens == 7
        assert writing.usage.output_tokens < len(TRUE)


@pytest.mark.parametrize("trouble", ["never", "headers"])
@pytest.mark.parametrize("limits", [{"seconds": 0.5}, {"first": 0.3}])
def test_a_server_that_never_answers_is_late_and_let_go(trouble: str, limits: dict[str, float]) -> None:
    with served(None, trouble) as stub:
        model = model_at(stub, llm_failures=1, llm_seconds=0.5)
        error = failing(model, **limits)
        all_end()
        until(lambda: stub.gone == 1)
    assert error.reason == "late"
    assert "RAG_LLM_SECONDS" in error.zh
    assert model.state == "open"


@pytest.mark.parametrize("trouble", ["never", "headers", ""])
def test_closing_lets_the_connection_go_at_once(trouble: str) -> None:
    chat = FakeChatModel(way="stalled") if not trouble else FakeChatModel()
    with served(chat, *filter(None, [trouble])) as stub:
        model = model_at(stub, llm_failures=1)
        with model.write(ASKED) as writing:
            until(lambda: len(stub.requests) == 1)
            if not trouble:
                next(writing)
        all_end()
        if trouble:
            until(lambda: stub.gone == 1)
    assert model.state == "closed"


def test_a_stream_that_goes_on_is_stopped_at_the_server() -> None:
    chat = FakeChatModel(script=["好" * 3000], pause=0.002)
    with served(chat) as stub:
        with model_at(stub).write(ASKED) as writing:
            next(writing)
        all_end()
        until(lambda: stub.gone == 1)


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    with served() as stub:
        url = stub.url
    model = language_model(Settings(llm_model=MODEL, llm_base_url=url, llm_retries=0))
    assert model is not None
    error = failing(model)
    assert error.reason == "failed"
    assert f"The language model at {url} cannot be reached" in error.en
    assert "RAG_LLM_BASE_URL" in error.zh


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server on loopback with a certificate of its own, which the environment says to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path / "server.pem"
    plain = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(key.private_bytes(*plain) + certificate.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def test_over_tls_too_it_answers_and_closing_ends_it_at_once(tls: ssl.SSLContext) -> None:
    with served(None, "", "headers", tls=tls) as stub:
        model = model_at(stub)
        assert "".join(model.write(ASKED)) == TRUE
        with model.write(ASKED):
            until(lambda: len(stub.requests) == 2)
        all_end()
        until(lambda: stub.gone == 1)
