from __future__ import annotations

import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from langchain.chat_models import base as registry
from pydantic import Field, SecretStr

from rag.errors import SettingError
from rag.llm.build import address, language_model
from rag.llm.fake import WAYS, FakeChatModel
from rag.settings import Settings

OWN = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "LANGSMITH_GATEWAY")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OWN:
        monkeypatch.delenv(name, raising=False)


def chat_of(**given: Any) -> Any:
    model = language_model(Settings(**{"llm_model": "a-model", **given}))
    assert model is not None
    return model._chat


def refused(**given: Any) -> SettingError:
    with pytest.raises(SettingError) as caught:
        language_model(Settings(**{"llm_model": "a-model", **given}))
    return caught.value


def test_none_where_none_is_named() -> None:
    assert language_model(Settings(llm_base_url="http://127.0.0.1:1/v1")) is None


def test_a_server_is_spoken_to_in_chat_completions_with_usage_and_no_retries_of_its_own() -> None:
    chat = chat_of(llm_base_url="http://127.0.0.1:1/v1/", llm_temperature=0.3, llm_max_tokens=99)
    assert type(chat).__name__ == "ChatOpenAI"
    assert (chat.model_name, chat.temperature, chat.max_retries) == ("a-model", 0.3, 0)
    assert chat.use_responses_api is False
    assert chat.stream_usage is True
    assert (chat.max_tokens, chat.extra_body) == (None, {"max_tokens": 99})
    assert str(chat.root_client.base_url) == "http://127.0.0.1:1/v1/"


def test_openai_itself_is_given_its_own_word_for_the_longest_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    chat = chat_of(llm_api_key=SecretStr("sk-mine"))
    assert (chat.max_tokens, chat.extra_body) == (800, None)
    assert str(chat.root_client.base_url) == "https://api.openai.com/v1/", "the key is not for the variable's server"
    assert chat.root_client.api_key == "sk-mine"
    assert chat_of(llm_base_url="https://eu.api.openai.com/v1").max_tokens == 800
    assert chat_of(llm_api_key=SecretStr("sk-mine"), llm_model="o3-mini").temperature is None


def test_openais_own_variables_hold_together_where_the_settings_give_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "RAG_LLM_API_KEY" in refused().en and "RAG_LLM_BASE_URL" in refused().zh
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    client = chat_of().root_client
    assert (str(client.base_url), client.api_key) == ("http://127.0.0.1:1/v1/", "sk-env")


def test_the_fake_model_is_named_by_its_way() -> None:
    chat = chat_of(llm_provider="fake", llm_model="wrong_number")
    assert isinstance(chat, FakeChatModel)
    assert chat.way == "wrong_number"
    assert all(way in refused(llm_provider="fake", llm_model="rude").zh for way in WAYS)


def test_an_unknown_provider_is_refused_with_those_there_are() -> None:
    error = refused(llm_provider="opnai")
    for told in (error.en, error.zh):
        assert "opnai" in told
        assert "anthropic" in told and "fake" in told and "ollama" in told and "openai" in told
    assert error.param == "llm_provider"


@pytest.mark.parametrize(
    ("provider", "module", "command"),
    [
        ("openai", "langchain_openai", "pip install 'suanlian[llm]'"),
        ("anthropic", "langchain_anthropic", "pip install langchain-anthropic"),
        ("azure_ai", "langchain_azure_ai", "pip install langchain-azure-ai"),
    ],
)
def test_a_missing_package_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, provider: str, module: str, command: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    error = refused(llm_provider=provider)
    assert f"`{command}`" in error.en and f"`{command}`" in error.zh


class Other(FakeChatModel):
    """Another provider's model, with its own names for things."""

    num_predict: int = 1
    endpoint: str = Field(default="", alias="base_url")
    key: SecretStr = Field(default=SecretStr(""), alias="api_key")
    client_kwargs: dict[str, Any] = Field(default_factory=dict)


class Plain(FakeChatModel):
    """One that takes neither an address nor a key."""


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("langchain_other")
    module.Other, module.Plain = Other, Plain  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain_other", module)
    call = registry._call
    entries = {"other": ("langchain_other", "Other", call), "plain": ("langchain_other", "Plain", call)}
    monkeypatch.setattr(registry, "_BUILTIN_PROVIDERS", {**registry._BUILTIN_PROVIDERS, **entries})
    registry._get_chat_model_creator.cache_clear()


@pytest.mark.usefixtures("others")
def test_another_provider_is_given_what_it_takes_by_its_own_names() -> None:
    chat = chat_of(llm_provider="other", llm_base_url="http://127.0.0.1:1/", llm_max_tokens=77, llm_seconds=9)
    assert (chat.num_predict, chat.endpoint, chat.client_kwargs) == (77, "http://127.0.0.1:1", {"timeout": 9.0})
    assert chat.key.get_secret_value() == "none", "the key of a variable is not for the server that is named"
    assert chat_of(llm_provider="other", llm_api_key=SecretStr("k")).key.get_secret_value() == "k"
    assert chat_of(llm_provider="other").key.get_secret_value() == ""
    assert type(chat_of(llm_provider="plain")) is Plain


@pytest.mark.usefixtures("others")
def test_what_another_provider_does_not_take_is_refused_and_not_passed_over() -> None:
    assert "RAG_LLM_BASE_URL" in refused(llm_provider="plain", llm_base_url="http://127.0.0.1:1").zh
    assert "RAG_LLM_API_KEY" in refused(llm_provider="plain", llm_api_key=SecretStr("k")).zh


@pytest.mark.usefixtures("others")
def test_a_model_that_cannot_be_set_up_says_why_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(self: Other, **given: Any) -> None:
        raise ValueError(f"bad key {given['api_key']} for {given['base_url']}")

    monkeypatch.setattr(Other, "__init__", fails)
    registry._get_chat_model_creator.cache_clear()
    error = refused(llm_provider="other", llm_base_url="http://127.0.0.1:1", llm_api_key=SecretStr("sk-mine"))
    assert "bad key *** for http://127.0.0.1:1" in error.en
    assert error.__cause__ is None and error.__suppress_context__


@pytest.mark.parametrize(
    "base_url",
    ["127.0.0.1:8080/v1", "ftp://a.example/v1", "http://", "http://a.example:port/v1", "http://[::1/v1", "v1"],
)
def test_an_address_that_is_none_is_refused(base_url: str) -> None:
    error = refused(llm_base_url=base_url)
    assert "RAG_LLM_BASE_URL" in error.en and "RAG_LLM_BASE_URL" in error.zh
    assert error.param == "llm_base_url"


@pytest.mark.parametrize("who", ["me:hush", "me", ":hush", "hush:"])
def test_an_address_with_a_password_is_refused_without_repeating_it(who: str) -> None:
    error = refused(llm_base_url=f"https://{who}@127.0.0.1:1/v1")
    for told in (error.en, error.zh):
        assert "RAG_LLM_API_KEY" in told
        assert "hush" not in told


def test_an_address_that_goes_too_far_is_refused() -> None:
    assert "/chat/completions" in refused(llm_base_url="http://127.0.0.1:1/v1/chat/completions/").zh


@pytest.mark.parametrize(
    ("base_url", "shown"),
    [
        ("", "openai"),
        ("https://me:secret@api.example.com:8443/v1?key=secret", "https://api.example.com:8443/v1"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
    ],
)
def test_an_address_is_shown_without_credentials(base_url: str, shown: str) -> None:
    assert address(Settings(llm_base_url=base_url)) == shown


def test_nothing_that_is_secret_is_in_its_repr() -> None:
    settings = Settings(llm_model="m", llm_base_url="http://127.0.0.1:1/v1", llm_api_key=SecretStr("secret"))
    model = language_model(settings)
    assert model is not None
    assert repr(model) == "LanguageModel('m' at http://127.0.0.1:1/v1)"
    assert "secret" not in f"{settings!r} {model.chat!r}"


def test_the_library_loads_no_provider_until_there_is_a_model_to_build() -> None:
    program = (
        "import sys, rag, rag.llm.build, rag.llm.model\n"
        "assert rag.llm.build.language_model(rag.Settings(llm_model='')) is None\n"
        "print(sorted({'langchain', 'openai', 'langchain_openai'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
