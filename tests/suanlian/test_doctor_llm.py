from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from rag import Settings
from rag.llm.fake import FakeChatModel
from suanlian.doctor import examine
from suanlian.doctor_llm import look_at_language_model
from tests.llm_stub import MODEL, served


def settings(**given: object) -> Settings:
    return Settings(**{"llm_model": MODEL, **given})  # type: ignore[arg-type]


def test_none_set_is_well_and_nothing_is_called() -> None:
    with served() as stub:
        well, told = look_at_language_model(Settings())
        assert stub.requests == []
    assert well
    assert "RAG_LLM_MODEL" in told


def test_an_address_without_a_model_is_told() -> None:
    well, told = look_at_language_model(Settings(llm_base_url="http://127.0.0.1:1/v1", llm_api_key=SecretStr("k")))
    assert not well
    assert "RAG_LLM_BASE_URL, RAG_LLM_API_KEY is set without RAG_LLM_MODEL" in told


def test_a_model_that_answers_is_told_with_its_address_and_time() -> None:
    with served(FakeChatModel(script=["好"])) as stub:
        well, told = look_at_language_model(settings(llm_base_url=stub.url))
        assert len(stub.requests) == 1
        assert stub.requests[0]["body"]["messages"][0]["role"] == "user"
    assert well
    assert told.startswith(f"{MODEL} at {stub.url}, first word after ")
    assert told.endswith(" ms")


def test_a_provider_without_a_model_is_told() -> None:
    well, told = look_at_language_model(Settings(llm_provider="fake"))
    assert not well and "RAG_LLM_PROVIDER is set without RAG_LLM_MODEL" in told


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with served(FakeChatModel(script=["好"])) as stub:
        url = stub.url.replace("127.0.0.1", "me:secret@127.0.0.1")
        well, told = look_at_language_model(settings(llm_base_url=url))
        assert stub.requests == []
    assert not well and "RAG_LLM_API_KEY" in told and "secret" not in told


@pytest.mark.parametrize(
    ("trouble", "word"), [("401", "RAG_LLM_API_KEY"), ("404", "RAG_LLM_MODEL"), ("500", "500"), ("refused", "RAG")]
)
def test_a_model_that_does_not_is_told_with_what_to_mend_after_one_call(trouble: str, word: str) -> None:
    with served(None, trouble, trouble) as stub:
        well, told = look_at_language_model(settings(llm_base_url=stub.url))
        assert len(stub.requests) == 1
    assert not well
    if word != "RAG":
        assert word in told
    assert stub.url in told and "语言模型" in told and "language model" in told


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with served(None, "never") as stub:
        well, told = look_at_language_model(settings(llm_base_url=stub.url), seconds=0.3)
    assert not well
    assert "0.3 秒内没有回答" in told and "It did not write a word in 0.3 s" in told


def test_a_setting_that_is_wrong_is_told() -> None:
    well, told = look_at_language_model(settings(llm_provider="nobody"))
    assert not well
    assert "nobody" in told and "anthropic" in told


def test_the_proxy_of_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.llm.build import proxy_of

    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")
    assert proxy_of("https://api.example.com/v1") == "proxy.example:3128"
    assert proxy_of("https://inside.example/v1") == ""
    assert proxy_of("https://192.168.0.2/v1") == proxy_of("") == ""


def test_it_is_one_of_the_findings(tmp_path: Path) -> None:
    given = {"index": tmp_path / "index", "model": "hash", "model_dir": tmp_path}
    with served() as stub:
        findings = examine(settings(llm_base_url=stub.url, **given))
    (found,) = [finding for finding in findings if finding.name == "language_model"]
    assert found.ok and stub.url in found.message
