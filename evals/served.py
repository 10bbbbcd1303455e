"""A running service asked over HTTP as a library's assistant is asked in process, so that both are scored alike."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import TypeAdapter

from evals.replies import answer_of
from rag import (
    Answer,
    Document,
    InputError,
    LanguageModelError,
    LanguageModelMissingError,
    NotFoundError,
    QuestionError,
    SearchResult,
    SuanlianError,
)

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_TRIES = 6  # of a request that is told to wait
_LONGEST_WAIT = 30.0  # seconds before one more try, whatever Retry-After says
_WAIT = 1.0  # seconds, where a 503 does not say
_PAGE = 200  # documents of a list at once
_NO_MODEL = LanguageModelError.code  # the service has waited for it and tried it again itself

_RESULTS = TypeAdapter(list[SearchResult])
_DOCUMENT = TypeAdapter(Document)


class ServiceError(SuanlianError):
    """The service is not there, refuses, or answers what is no answer."""

    code = "service_error"


class Served:
    """Asks a service by its URL. Use it as a context manager, or :meth:`close` it.

    >>> with Served("http://127.0.0.1:8000") as service:      # doctest: +SKIP
    ...     service.ask("谁生产快速接头").text

    Args:
        url: where the service is, with or without ``/v1``; ``http://`` is understood.
        api_key: sent as ``Authorization: Bearer``; "" sends none.
        timeout: seconds that one request may take. sleep: waits; for tests.

    Raises:
        InputError: the URL or the key is not one, or httpx is not installed.
    """

    def __init__(
        self, url: str, *, api_key: str = "", timeout: float = 60.0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = _base(url)
        self._timeout = timeout
        self._sleep = sleep
        self._client = _client(self.url, api_key, timeout)
        self._documents: dict[tuple[str, int | None], Document] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def version(self) -> dict[str, Any]:
        """What ``GET /version`` says: the program's version, the index's collection and generation, its fingerprint.

        Raises:
            ServiceError: nothing answers there, or not a Suanlian service.
        """
        found = self._send("GET", "/version")
        if not isinstance(found.get("version"), str):
            raise self._strange("/version")
        return found

    def ask(
        self,
        question: str | Sequence[Mapping[str, str]],
        *,
        explain: bool = False,
        mode: str | None = None,
        top_k: int | None = None,
        collection: str | None = None,
    ) -> Answer:
        """As :meth:`rag.Assistant.ask`, by ``POST /v1/chat``; what is None is left to the service.

        Raises:
            QuestionError: the service does not take the question. LanguageModelMissingError: it has no language model.
            LanguageModelError: that gave no answer, in mode ``llm``. ServiceError, InputError: see the message.
        """
        given = {"mode": mode, "top_k": top_k, "collection": collection}
        body: dict[str, Any] = {"explain": explain} | {
            name: value for name, value in given.items() if value is not None
        }
        if isinstance(question, str):
            body["question"] = question
        else:
            body["messages"] = [dict(message) for message in question]
        return self._as(answer_of, self._send("POST", "/v1/chat", body), "/v1/chat")

    def search(self, query: str, *, top_k: int = 10, explain: bool = False) -> list[SearchResult]:
        """As :meth:`rag.Assistant.search`, by ``POST /v1/search``."""
        found = self._send("POST", "/v1/search", {"query": query, "top_k": top_k, "explain": explain})
        return self._as(_found, found, "/v1/search")

    def document(self, id: str, version: int | None = None) -> Document:
        """A document's stored text and metadata (without blocks), by ``GET /v1/documents/{id}``; kept once read.

        Raises:
            NotFoundError: the service has no such document.
        """
        if (id, version) not in self._documents:
            path = f"/v1/documents/{quote(id, safe='')}" + (f"?version={version}" if version is not None else "")
            self._documents[id, version] = self._as(_document, self._send("GET", path), path)
        return self._documents[id, version]

    def documents(self, *, progress: Callable[[int, int], None] | None = None) -> list[Document]:
        """Every document of the service, ordered by key: each is read, so it takes a request a document.

        Args:
            progress: told how many are read, and how many there are.
        """
        ids: list[str] = []
        cursor = ""
        while True:
            after = f"&cursor={quote(cursor, safe='')}" if cursor else ""
            listed = self._send("GET", f"/v1/documents?limit={_PAGE}{after}")
            ids += self._as(lambda reply: [str(row["id"]) for row in reply["documents"]], listed, "/v1/documents")
            following = listed.get("next")
            if not following or following == cursor:
                break
            cursor = str(following)
        documents = []
        for done, id in enumerate(ids, 1):
            documents.append(self.document(id))
            if progress:
                progress(done, len(ids))
        return documents

    def _as(self, made: Callable[[dict[str, Any]], T], reply: dict[str, Any], path: str) -> T:
        try:
            return made(reply)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._strange(path) from error

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for attempt in range(1, _TRIES + 1):
            reply = self._once(method, path, body)
            if reply.status_code not in (429, 503) or attempt == _TRIES or _told(reply)[0] == _NO_MODEL:
                break
            self._sleep(_wait(reply.headers.get("retry-after", "")))
        if reply.status_code != 200:
            raise self._refused(reply, path)
        try:
            found = reply.json()
        except ValueError:
            raise self._strange(path) from None
        if not isinstance(found, dict):
            raise self._strange(path)
        return found

    def _once(self, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
        import httpx

        try:
            return self._client.request(method, path, json=body)
        except httpx.TimeoutException as error:
            raise ServiceError(
                f"{self.url} did not answer {path} within {self._timeout:g} s. Ask again when it is less busy, or allow more with --timeout.",
                f"{self.url} 在 {self._timeout:g} 秒内没有答复 {path}。请稍后再试，或用 --timeout 放宽时限。",
            ) from error
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise ServiceError(
                f"No service answers at {self.url} ({reason}). Start it (suanlian serve) or mend the URL.",
                f"{self.url} 没有服务应答（{reason}）。请先启动服务（suanlian serve），或改正地址。",
            ) from error

    def _refused(self, reply: httpx.Response, path: str) -> SuanlianError:
        status, (code, param, said) = reply.status_code, _told(reply)
        if status == 401:
            return InputError(
                f"{self.url} needs a valid key. Give one with --api-key or SUANLIAN_API_KEY.",
                f"{self.url} 需要有效的密钥。请用 --api-key 或环境变量 SUANLIAN_API_KEY 给出。",
                param="api_key",
            )
        if code == _NO_MODEL:
            return LanguageModelError(f"{self.url}: {said}.", f"{self.url}：{said}。")
        if code == LanguageModelMissingError.code:
            return LanguageModelMissingError(
                f"{self.url} has no language model. Score it with --mode auto or extractive, or give it one (RAG_LLM_MODEL).",
                f"{self.url} 没有配置语言模型。请用 --mode auto 或 extractive 评测，或为它配置语言模型（RAG_LLM_MODEL）。",
                param="mode",
            )
        if status in (429, 503):
            return ServiceError(
                f"{self.url} is still busy or not ready after {_TRIES} tries: {said}. Run it again later.",
                f"{self.url} 试了 {_TRIES} 次仍然繁忙或未就绪：{said}。请稍后再运行。",
            )
        if status == 404 and code == "not_found" and path.startswith("/v1/documents/"):
            return NotFoundError(f"{self.url} has no such document: {path}.", f"{self.url} 没有这份文档：{path}。")
        if status == 422 and code:
            return QuestionError(
                f"{self.url} does not take the question: {said}",
                f"{self.url} 不接受这个问题：{said}",
                code=code,
                param=param,
            )
        if 300 <= status < 400:
            said = f"→ {reply.headers.get('location', '?')}"
        return ServiceError(
            f"{self.url} answered {path} with status {status}: {said}. Check that the URL is a Suanlian service's.",
            f"{self.url} 对 {path} 返回了状态 {status}：{said}。请确认这是算链服务的地址。",
        )

    def _strange(self, path: str) -> ServiceError:
        return ServiceError(
            f"{self.url} answered {path} with something else than a Suanlian service of this version does. Check the URL, and the service's /version.",
            f"{self.url} 对 {path} 的答复不是这一版算链服务的格式。请检查地址和该服务的 /version。",
        )


def _base(url: str) -> str:
    text = url.strip()
    text = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment:
        raise InputError(
            f"{url} is not a service's URL. Write one such as http://127.0.0.1:8000.",
            f"{url} 不是服务的地址。请写成 http://127.0.0.1:8000 这样。",
            param="url",
        )
    return text.rstrip("/").removesuffix("/v1")


def _client(url: str, api_key: str, timeout: float) -> httpx.Client:
    try:
        import httpx
    except ImportError as error:
        raise InputError(
            "Scoring a service needs httpx: pip install 'suanlian[eval]'.",
            "给服务打分需要 httpx：pip install 'suanlian[eval]'。",
        ) from error
    key = api_key.strip()
    if not (key.isascii() and key.isprintable()):
        raise InputError(
            "The key may hold printable ASCII alone. Copy it again.",
            "密钥只能是可打印的 ASCII 字符，请重新复制。",
            param="api_key",
        )
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=url, headers=headers, timeout=timeout)


def _wait(retry_after: str) -> float:
    """Seconds to wait. A date, which ``Retry-After`` may also hold, waits as if it were not there."""
    try:
        seconds = float(retry_after)
    except ValueError:
        return _WAIT
    return min(max(seconds, 0.0), _LONGEST_WAIT) if math.isfinite(seconds) else _WAIT


def _told(reply: httpx.Response) -> tuple[str, str | None, str]:
    """Code, parameter and message of the service's own error; of another's, the first of its words."""
    try:
        error = reply.json()["error"]
        return str(error["code"]), error.get("param"), str(error["message"]).rstrip("。.")
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", None, " ".join(reply.text.split())[:200] or reply.reason_phrase


def _found(reply: Mapping[str, Any]) -> list[SearchResult]:
    return _RESULTS.validate_python(reply["results"])


def _document(reply: Mapping[str, Any]) -> Document:
    """A document of its reply. A line is a block, as near as the stored text tells; sections say which are headings."""
    text, blocks, start = str(reply["text"]), [], 0
    levels = {section["start"]: len(section["path"]) for section in reply.get("sections", ())}
    for line in text.split("\n"):
        if line.strip():
            kind = "heading" if start in levels else "paragraph"
            blocks.append(
                {"kind": kind, "start": start, "end": start + len(line), "level": min(levels.get(start, 0), 6)}
            )
        start += len(line) + 1
    return _DOCUMENT.validate_python({**reply, "blocks": blocks})
