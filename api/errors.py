"""One error shape for everything that can go wrong:
``{"error": {"code", "message", "param", "request_id"}}``.

    rag's error, a broken rule, 404, 405, …  →  ApiError  →  error_response

``message`` is Chinese unless ``Accept-Language`` prefers English.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from api.guard.addresses import methods_of, own_path
from api.language import wants_english
from api.validation import explain
from rag import (
    CollectionNotFoundError,
    FileError,
    IndexBusyError,
    IndexMissingError,
    InputError,
    LanguageModelError,
    NotFoundError,
    SettingError,
    StorageError,
    SuanlianError,
)

logger = logging.getLogger("suanlian.api")

RETRY_SECONDS = 2
# A language model that failed or was late is not asked again at once: rag has tried more than once already.
LANGUAGE_MODEL_RETRY_SECONDS = 5

# Statuses of rag's errors: the code decides first, then the nearest class. What is in neither is a fault of the
# service, and its message may name files, so it leaves as a plain 500.
STATUS_BY_CODE = {"llm_not_configured": 409, "collection_exists": 409}
STATUS_BY_CLASS: dict[type[SuanlianError], int] = {
    NotFoundError: 404,
    FileError: 415,
    SettingError: 500,
    InputError: 422,
    IndexBusyError: 503,
    LanguageModelError: 503,
}

PLAIN = {
    401: ("unauthorized", "需要有效的密钥。", "A valid key is needed."),
    403: ("forbidden", "不允许这个请求。", "This request is not allowed."),
    404: ("not_found", "没有这个地址，请对照 /docs 检查。", "There is nothing at this address; see /docs."),
    405: ("method_not_allowed", "不支持该方法，见 Allow 头。", "Another method is needed here; see the Allow header."),
}  # fmt: skip
# What a client learns of a language model that gave no answer.
LANGUAGE_MODEL = {
    "failed": (
        "语言模型出错，没有给出回答；请稍后再问，或用 extractive 模式提问。",
        "The language model failed and gave no answer; ask again later, or with mode extractive.",
    ),
    "late": (
        "语言模型没有及时回答；请稍后再问，或用 extractive 模式提问。",
        "The language model did not answer in time; ask again later, or with mode extractive.",
    ),
    "paused": (
        "语言模型连续出错，暂停使用；请稍后再问，或用 extractive 模式提问。",
        "The language model has failed several times and is left alone for a while; ask again later, or with mode extractive.",
    ),
}


class ApiError(HTTPException):
    """An error that leaves the service: a status, a code and one sentence in two languages.

    It is an ``HTTPException`` because FastAPI passes those on when one is raised while a body is being read.
    """

    def __init__(
        self,
        status: int,
        code: str,
        zh: str,
        en: str,
        *,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, en, dict(headers or {}))
        self.code, self.zh, self.en, self.param = code, zh, en, param


def unavailable(code: str, zh: str, en: str) -> ApiError:
    """503 with ``Retry-After``: ask again soon."""
    return ApiError(503, code, zh, en, headers={"Retry-After": str(RETRY_SECONDS)})


def internal_error() -> ApiError:
    """What a client learns of a bug: nothing but the request id."""
    return ApiError(
        500,
        "internal_error",
        "服务内部出错，请凭 request_id 联系维护者。",
        "Something went wrong inside the service; tell its maintainer the request_id.",
    )


def error_body(scope: Scope, error: ApiError) -> dict[str, Any]:
    """What stands under ``error``, in the language that the request asks for; the request's log line names its code."""
    state = scope.setdefault("state", {})
    state["error_code"] = error.code
    return {
        "code": error.code,
        "message": error.en if wants_english(scope) else error.zh,
        "param": error.param,
        "request_id": state.get("request_id"),
    }


def error_response(scope: Scope, error: ApiError) -> JSONResponse:
    """The reply for ``error``."""
    language = "en" if wants_english(scope) else "zh"
    headers = {**(error.headers or {}), "Content-Language": language, "Vary": "Accept-Language"}
    return JSONResponse({"error": error_body(scope, error)}, error.status_code, headers)


def from_library(error: SuanlianError) -> ApiError:
    """The reply for an error of rag's: status by code, then by class."""
    if isinstance(error, IndexMissingError):  # deleted between the request's coming and its reading
        error = CollectionNotFoundError(
            "The collection is no longer there; use another one.", "这个资料集已不存在；请换一个。", param="collection"
        )
    if isinstance(error, StorageError):  # what it says names places on this machine
        logger.error("storage_error", exc_info=error)
        return unavailable(
            error.code,
            "服务的磁盘暂时无法写入（可能已满），原因见服务日志；没有收下任何内容，排除后请重试。",
            "The service's disk cannot be written now (it may be full); its log says why. Nothing was taken; try again "
            "once that is mended.",
        )
    if isinstance(error, LanguageModelError):
        # Its sentence names the model's address and how to mend it: for whoever reads the log, and as no bug without a trace.
        logger.warning("llm_unavailable", extra={"reason": error.reason, "told": error.en})
        seconds = math.ceil(error.retry_after) if error.retry_after > 0 else LANGUAGE_MODEL_RETRY_SECONDS
        zh, en = LANGUAGE_MODEL[error.reason]
        return ApiError(503, error.code, zh, en, param=error.param, headers={"Retry-After": str(seconds)})
    status = STATUS_BY_CODE.get(error.code)
    if status is None:
        status = next((STATUS_BY_CLASS[base] for base in type(error).__mro__ if base in STATUS_BY_CLASS), 500)
    if status >= 500 and not isinstance(error, IndexBusyError):
        logger.error("library_error", exc_info=error, extra={"code": error.code})
        return internal_error()
    headers = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else None
    if status == 409:
        headers = {"X-Should-Retry": "false"}  # OpenAI's clients would ask again twice, for the same reply
    return ApiError(status, error.code, error.zh, error.en, param=error.param, headers=headers)


def from_any(error: Exception, request_id: str | None) -> ApiError:
    """What a client learns of any error, where no handler of the application's answers it (in a stream, over MCP). A bug
    is logged under ``request_id``."""
    if isinstance(error, ApiError):
        return error
    if isinstance(error, SuanlianError):
        return from_library(error)
    logger.error("bug", exc_info=error, extra={"request_id": request_id})
    return internal_error()


def from_http(error: HTTPException) -> ApiError:
    """The reply for what the framework itself refuses (404, 405, a body that cannot be decoded)."""
    if isinstance(error, ApiError):
        return error
    code, zh, en = PLAIN.get(
        error.status_code,
        ("malformed_request", "请求无法解析，请检查其格式。", "The request could not be read; check its format."),
    )
    return ApiError(error.status_code, code, zh, en, headers=error.headers)


def from_validation(error: RequestValidationError) -> ApiError:
    """400 for a body that is not JSON, 422 for valid JSON that breaks a rule; the first broken rule is told."""
    first = error.errors()[0]
    broken = explain(first)
    return ApiError(broken.status, broken.code, broken.zh, broken.en, param=broken.param)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every handled error in the one shape. (Bugs are caught in :mod:`api.watch.logs`.)"""

    async def on_library(request: Request, error: SuanlianError) -> JSONResponse:
        return error_response(request.scope, from_library(error))

    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        shown = from_http(error)
        if shown.status_code == 405:
            # Each route knows its own method; Allow names all that the address takes.
            known = {method.strip() for method in (shown.headers or {}).get("Allow", "").split(",")} - {""}
            known |= methods_of(own_path(request.scope), app.openapi())
            shown.headers = {**(shown.headers or {}), "Allow": ", ".join(sorted(known))}
        return error_response(request.scope, shown)

    async def on_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_response(request.scope, from_validation(error))

    app.exception_handler(SuanlianError)(on_library)
    app.exception_handler(HTTPException)(on_http)
    app.exception_handler(RequestValidationError)(on_validation)
