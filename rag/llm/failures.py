"""What a failed call means: whether it is worth another try, whether the model is to blame, and what the user is told.

Providers have their own exceptions, so they are read by what they have in common: an HTTP status, or the name of the network
library's error class somewhere among their classes or causes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from rag.errors import LanguageModelError

# Passing troubles of a server: request time-out, conflict, too early, too many requests, and its own errors.
_PASSING = frozenset({408, 409, 425, 429})
# Base classes of httpx, openai, anthropic, grpc and requests for a connection that did not come about or broke.
_NETWORK = frozenset(
    {"TransportError", "APIConnectionError", "ConnectionError", "ServiceUnavailable", "RequestException"}
)
_TIMEOUT = frozenset({"TimeoutException", "APITimeoutError", "TimeoutError", "DeadlineExceeded"})
_UNCONNECTED = frozenset({"ConnectTimeout", "ConnectError", "ConnectionRefusedError", "gaierror"})


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call.

    ``status`` is the server's HTTP status, None where there was no reply. ``passing``: it may go well when tried again.
    ``counts``: it speaks against the model. ``retry_after``: seconds that the server asks to wait, None where it does not.
    """

    error: LanguageModelError
    status: int | None
    passing: bool
    counts: bool
    retry_after: float | None = None


def failure_of(error: BaseException, address: str, name: str) -> Failure:
    """What ``error``, raised by a provider for the model ``name`` at ``address``, means."""
    status = next((s for s in map(_status, _chain(error)) if s is not None), None)
    wait = next((w for w in map(_retry_after, _chain(error)) if w is not None), None)
    if status is not None:
        passing = status in _PASSING or status >= 500
        # A bad request is of that one question (too long, a word the provider does not take), and says that the server
        # is there. A wrong key or name fails for every question until someone mends it: no use in asking on.
        counts = status not in (400, 413, 422)
        return Failure(_refused(status, address, name, wait), status, passing, counts, wait)
    kinds = {kind.__name__ for e in _chain(error) for kind in type(e).__mro__}
    if kinds & _UNCONNECTED:
        return Failure(_unreachable(address), None, True, True)
    if kinds & _TIMEOUT:
        return Failure(late(address), None, True, True)
    if kinds & _NETWORK:
        return Failure(_broken(address), None, True, True)
    return Failure(_garbled(address), None, False, True)


def late(address: str) -> LanguageModelError:
    """The error for a reply that did not come in time."""
    return LanguageModelError(
        f"The language model at {address} did not answer in time; try again later, or raise RAG_LLM_SECONDS.",
        f"语言模型（{address}）没有及时回答；请稍后再试，或调大 RAG_LLM_SECONDS。",
        reason="late",
    )


def empty(address: str) -> LanguageModelError:
    """The error for a reply without a word in it."""
    return LanguageModelError(
        f"The language model at {address} ended its reply without writing a word; try again, or check RAG_LLM_MODEL and "
        "RAG_LLM_BASE_URL (up to and with /v1).",
        f"语言模型（{address}）没有写出任何内容；请重试，或检查 RAG_LLM_MODEL 与 RAG_LLM_BASE_URL（写到 /v1 为止）。",
    )


def paused(retry_after: float) -> LanguageModelError:
    """The error while the model is left alone after failing too often."""
    seconds = max(1, round(retry_after))
    return LanguageModelError(
        f"The language model failed several times in a row and is left alone for another {seconds} s; try again then.",
        f"语言模型连续多次失败，暂停使用，{seconds} 秒后会再试；请到时重试。",
        reason="paused",
        retry_after=retry_after,
    )


def _refused(status: int, address: str, name: str, wait: float | None) -> LanguageModelError:
    en = f"The language model's server at {address} answered {status}"
    zh = f"语言模型的服务（{address}）返回 {status}"
    if status in (401, 403):
        return LanguageModelError(
            f"{en}: the key is missing, wrong or not allowed to use {name!r}; set RAG_LLM_API_KEY.",
            f"{zh}：密钥缺失、不对或无权使用 {name}；请设置 RAG_LLM_API_KEY。",
        )
    if status < 400:
        return LanguageModelError(
            f"{en}: it is to be found elsewhere, where nobody said to send questions; set RAG_LLM_BASE_URL to its address.",
            f"{zh}：服务在别处，而未获准把问题发往那里；请把 RAG_LLM_BASE_URL 设为它的地址。",
        )
    if status == 404:
        return LanguageModelError(
            f"{en}: it has no model {name!r}, or the address is not the API's; check RAG_LLM_MODEL and RAG_LLM_BASE_URL "
            "(up to and with /v1).",
            f"{zh}：没有模型 {name}，或地址不是接口的地址；请检查 RAG_LLM_MODEL 与 RAG_LLM_BASE_URL（写到 /v1 为止）。",
        )
    if status == 429:
        return LanguageModelError(
            f"{en}: too many requests, or the account's quota is used up; try again later.",
            f"{zh}：请求过多或账户额度已用完；请稍后再试。",
            retry_after=wait or 0.0,
        )
    if status >= 500 or status in _PASSING:
        return LanguageModelError(
            f"{en}: it is overloaded or broken; try again later, or look into its own log.",
            f"{zh}：服务过载或出错；请稍后再试，或查看该服务自己的日志。",
            retry_after=wait or 0.0,
        )
    return LanguageModelError(
        f"{en}: it does not take this request; ask a shorter question, or check that RAG_LLM_MODEL, RAG_LLM_MAX_TOKENS and "
        "RAG_LLM_EVIDENCE_CHARS suit the model (the log has what it said).",
        f"{zh}：不接受这个请求；请缩短问题，或检查 RAG_LLM_MODEL、RAG_LLM_MAX_TOKENS、RAG_LLM_EVIDENCE_CHARS 是否适合该模型"
        "（日志里有它的原话）。",
    )


def _unreachable(address: str) -> LanguageModelError:
    return LanguageModelError(
        f"The language model at {address} cannot be reached; start its server, or check RAG_LLM_BASE_URL and the network.",
        f"连接不到语言模型（{address}）；请启动该服务，或检查 RAG_LLM_BASE_URL 与网络。",
    )


def _broken(address: str) -> LanguageModelError:
    return LanguageModelError(
        f"The connection to the language model at {address} broke before its reply was whole; try again.",
        f"与语言模型（{address}）的连接在回答结束前中断；请重试。",
    )


def _garbled(address: str) -> LanguageModelError:
    return LanguageModelError(
        f"The language model at {address} answered something that is no reply; check RAG_LLM_BASE_URL (up to and with /v1) "
        "and RAG_LLM_PROVIDER (the log has what it said).",
        f"语言模型（{address}）返回的不是有效的回答；请检查 RAG_LLM_BASE_URL（写到 /v1 为止）与 RAG_LLM_PROVIDER"
        "（日志里有详情）。",
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its causes, nearest first."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for value in (
        getattr(error, "status_code", None),
        getattr(response, "status_code", None),
        getattr(error, "code", None),
    ):
        if isinstance(value, int) and not isinstance(value, bool) and 300 <= value < 600:
            return int(value)
    return None


def _retry_after(error: BaseException) -> float | None:
    """``Retry-After`` of the reply, in seconds: RFC 9110 allows a number or a date."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    told = headers.get("retry-after") if headers is not None else None
    if not told:
        return None
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
