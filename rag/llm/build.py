"""The language model that the settings name, built with LangChain's ``init_chat_model``; None where they name none.

LangChain's provider packages are loaded here and only when there is a model to build.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rag.errors import SettingError
from rag.llm.model import LanguageModel, backoff
from rag.llm.near import is_near
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# What LangChain's chat models call the same thing; the first that one knows is used. Providers that know none of them keep
# their own default.
_NAMES: dict[str, tuple[str, ...]] = {
    "base_url": ("azure_endpoint", "api_base", "xai_api_base", "base_url", "endpoint"),
    "api_key": ("api_key",),
    "temperature": ("temperature",),
    "max_tokens": ("max_tokens", "max_output_tokens", "num_predict", "max_new_tokens"),
    "timeout": ("timeout", "request_timeout"),
    "max_retries": ("max_retries",),
    "stream_usage": ("stream_usage",),
    "client_kwargs": ("client_kwargs",),
}
_OPENAI = "https://api.openai.com/v1"
_CONNECT_SECONDS = 10.0
# For SDKs that will not start without a key. It is not sent to OpenAI-compatible servers.
_NO_KEY = "none"


def language_model(settings: Settings, *, wait: Callable[[int], float] = backoff) -> LanguageModel | None:
    """The model that ``llm_model`` names, at ``llm_base_url``; None where none is named. It is not called yet.

    Where the settings give an address or a key, the variables of the provider's own (``OPENAI_BASE_URL``,
    ``OPENAI_API_KEY``, …) are not looked at, so that no key goes to a server that it is not for. Where they give neither, the
    provider's own variables hold. ``wait`` gives the seconds before the n-th try again.

    Raises:
        SettingError: the provider is unknown or its package is not installed, the address is not one, or the provider does
            not take a setting.
    """
    if not settings.llm_model:
        return None
    if settings.llm_provider == "fake":
        from rag.llm.fake import FakeChatModel

        return LanguageModel(FakeChatModel.of_way(settings.llm_model), settings, wait=wait)
    _check_address(settings.llm_base_url)
    chat_class = _chat_class(settings.llm_provider)
    arguments = _for_openai(settings) if settings.llm_provider == "openai" else _for_other(settings, chat_class)
    return LanguageModel(_init(settings, arguments), settings, address=address(settings), wait=wait)


def address(settings: Settings) -> str:
    """Where the model is, for people: without credentials and query; the provider's name where its own address is used."""
    parts = urlsplit(settings.llm_base_url)
    if not parts.hostname:
        return settings.llm_provider
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{parts.path}"


def proxy_of(base_url: str) -> str:
    """The proxy of the environment that calls to ``base_url`` go through, without credentials; "" where there is none."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(base_url)
    if not parts.hostname or is_near(base_url) or proxy_bypass(parts.hostname):
        return ""
    proxies = getproxies()
    named = urlsplit(proxies.get(parts.scheme) or proxies.get("all") or "")
    return f"{named.hostname}{f':{named.port}' if named.port else ''}" if named.hostname else ""


def _for_openai(settings: Settings) -> dict[str, Any]:
    """Arguments of ``ChatOpenAI``, for OpenAI itself and for every server that speaks its protocol."""
    from rag.llm.connection import http_client

    arguments: dict[str, Any] = {
        "temperature": settings.llm_temperature,
        "timeout": settings.llm_seconds,
        "max_retries": 0,  # LanguageModel tries again, within its deadline
        "stream_usage": True,
        "use_responses_api": False,  # what every server has is chat completions
    }
    base_url = settings.llm_base_url.rstrip("/")
    key = settings.llm_api_key.get_secret_value()
    if not (base_url or key or os.environ.get("OPENAI_API_KEY")):
        raise SettingError(
            "OpenAI's own service needs a key: set RAG_LLM_API_KEY, or RAG_LLM_BASE_URL where another server is meant.",
            "OpenAI 自己的服务需要密钥：请设置 RAG_LLM_API_KEY；若用的是其他服务，请设置 RAG_LLM_BASE_URL。",
            param="llm_api_key",
        )
    if base_url or key:
        arguments["http_client"] = http_client(
            base_url or _OPENAI,
            key,
            connect=min(_CONNECT_SECONDS, settings.llm_first_seconds),
            read=settings.llm_seconds,
        )
        arguments |= {"base_url": base_url or _OPENAI, "api_key": key or _NO_KEY, "openai_proxy": ""}
        # Of the asynchronous client, which is not used; else ChatOpenAI warns that it keeps to no proxy.
        arguments["http_socket_options"] = ()
    if not base_url or (urlsplit(base_url).hostname or "").endswith(".openai.com"):
        arguments["max_tokens"] = settings.llm_max_tokens
        if settings.llm_model.startswith(("o1", "o3", "o4")):
            del arguments["temperature"]  # they refuse any
    else:
        # ChatOpenAI renames max_tokens to max_completion_tokens, which OpenAI alone is sure to know.
        arguments["extra_body"] = {"max_tokens": settings.llm_max_tokens}
    return arguments


def _for_other(settings: Settings, chat_class: type[BaseChatModel] | None) -> dict[str, Any]:
    """Arguments of another provider's chat model: what is set, under the names that it has for it."""
    base_url, key = settings.llm_base_url.rstrip("/"), settings.llm_api_key.get_secret_value()
    wanted: dict[str, Any] = {
        "temperature": settings.llm_temperature,
        "max_tokens": settings.llm_max_tokens,
        "timeout": settings.llm_seconds,
        "max_retries": 0,
        "stream_usage": True,
    }
    if base_url:
        wanted |= {"base_url": base_url, "api_key": _NO_KEY}  # its own variable's key is not for that server
    if key:
        wanted["api_key"] = key
    if chat_class is None:
        return wanted
    known = set(chat_class.model_fields) | {field.alias for field in chat_class.model_fields.values() if field.alias}
    if not _first("timeout", known):
        wanted["client_kwargs"] = {"timeout": settings.llm_seconds}  # ChatOllama's
    arguments = {name: value for wish, value in wanted.items() if (name := _first(wish, known))}
    if base_url and not _first("base_url", known):
        raise SettingError(
            f"The provider {settings.llm_provider!r} takes no address; leave RAG_LLM_BASE_URL empty, or set "
            "RAG_LLM_PROVIDER=openai where the server speaks OpenAI's protocol.",
            f"{settings.llm_provider} 不接受自定义地址；请清空 RAG_LLM_BASE_URL，若该服务兼容 OpenAI 协议，请设 RAG_LLM_PROVIDER=openai。",
            param="llm_base_url",
        )
    if key and not _first("api_key", known):
        raise SettingError(
            f"The provider {settings.llm_provider!r} takes no key here; leave RAG_LLM_API_KEY empty and set its own variables.",
            f"{settings.llm_provider} 不接受这里的密钥；请清空 RAG_LLM_API_KEY，并设置该供应商自己的环境变量。",
            param="llm_api_key",
        )
    return arguments


def _first(wish: str, known: set[str]) -> str:
    return next((name for name in _NAMES[wish] if name in known), "")


def _init(settings: Settings, arguments: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        chat: BaseChatModel = init_chat_model(settings.llm_model, model_provider=settings.llm_provider, **arguments)
        return chat
    except Exception as error:  # each provider's own: a missing key, a name that it does not take
        said = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        if key := settings.llm_api_key.get_secret_value():
            said = said.replace(key, "***")
        raise SettingError(
            f"The language model {settings.llm_model!r} of {settings.llm_provider!r} cannot be set up: {said} Mend "
            "RAG_LLM_PROVIDER, RAG_LLM_MODEL, RAG_LLM_BASE_URL or RAG_LLM_API_KEY.",
            f"无法使用 {settings.llm_provider} 的语言模型 {settings.llm_model}：{said} 请改正 RAG_LLM_PROVIDER、RAG_LLM_MODEL、"
            "RAG_LLM_BASE_URL 或 RAG_LLM_API_KEY。",
            param="llm_provider",
        ) from None


def _chat_class(provider: str) -> type[BaseChatModel] | None:
    """The provider's class in LangChain's registry; None where a later LangChain keeps it elsewhere.

    Raises:
        SettingError: there is no such provider, or its package is not installed.
    """
    from langchain.chat_models import base

    registry: dict[str, tuple[Any, ...]] = getattr(base, "_BUILTIN_PROVIDERS", {})
    if not registry:
        return None
    if provider not in registry:
        known = ", ".join(sorted([*registry, "fake"]))
        raise SettingError(
            f"RAG_LLM_PROVIDER={provider!r} is not known. Use openai for every OpenAI-compatible server. Known: {known}.",
            f"没有 {provider} 这个供应商（RAG_LLM_PROVIDER）。兼容 OpenAI 协议的服务都用 openai。可用的有：{known}。",
            param="llm_provider",
        )
    module, name = registry[provider][:2]
    try:
        found: type[BaseChatModel] = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        package = module.split(".")[0].replace("_", "-")
        command = "pip install 'suanlian[llm]'" if package == "langchain-openai" else f"pip install {package}"
        raise SettingError(
            f"The language model provider {provider!r} needs the package {package}: run `{command}`.",
            f"语言模型供应商 {provider} 需要安装 {package}：请运行 `{command}`。",
            param="llm_provider",
        ) from None
    return found


def _check_address(base_url: str) -> None:
    if not base_url:
        return
    try:
        parts = urlsplit(base_url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise SettingError(
            "RAG_LLM_BASE_URL is not an address; write it with http:// or https://, up to and with /v1, such as "
            "http://127.0.0.1:8080/v1.",
            "RAG_LLM_BASE_URL 不是网址；请以 http:// 或 https:// 开头，写到 /v1 为止，例如 http://127.0.0.1:8080/v1。",
            param="llm_base_url",
        )
    if parts.username is not None or parts.password is not None:
        raise SettingError(  # an address is shown and logged, as a key never is
            "RAG_LLM_BASE_URL holds a user name or a password; leave off what stands before the @, and set RAG_LLM_API_KEY to "
            "the key of the server.",
            "RAG_LLM_BASE_URL 里有用户名或密码；请去掉 @ 及其前面的部分，服务的密钥用 RAG_LLM_API_KEY 设置。",
            param="llm_base_url",
        )
    if parts.path.rstrip("/").endswith("/completions"):
        raise SettingError(
            "RAG_LLM_BASE_URL goes too far: leave off /chat/completions, so that it ends with /v1.",
            "RAG_LLM_BASE_URL 写得太长：请去掉 /chat/completions，写到 /v1 为止。",
            param="llm_base_url",
        )
