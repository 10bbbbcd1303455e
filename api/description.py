"""The OpenAPI document: what FastAPI derives from the routes, and what holds for all of them.

Middleware answers before a route does (no key, too many requests, too large a body), so its replies are written into
the document here, for every route, those of later releases too.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from api.guard.access import is_open
from api.replies import ErrorReply
from rag import package_version

TITLE = "算链 Suanlian"
DESCRIPTION = """从资料中查找答案，每句话都注明出处。 Answers from documents, each statement with its citation.

**语言模型 Language model.** `mode` 为 `extractive` 时答案由资料原文的语句组成；为 `llm` 时由配置好的语言模型撰写，每句话先对照原文核对，站不住的
改正、换成原文或删去（`repairs`）；`auto`（默认）在模型不可用或太慢时改用原文语句，`fallback` 说明原因。 In mode `extractive` an answer is
made of the material's own statements; in `llm` the configured language model writes it, and each statement is checked against its quotes before it
leaves: what does not hold is mended, replaced by the quote or dropped (`repairs`). `auto`, the default, falls back to the material's own statements
where the model fails or is late; `fallback` says why. `GET /version` names the model.

**密钥 Keys.** 请求头 `Authorization: Bearer KEY` 或 `X-API-Key: KEY`。权限有 `ask`（提问和阅读）、`write`（修改资料）、`ops`（监控），
密钥还可以限定资料集（collection）；只在本机打开、没有设置密钥的服务不需要密钥。 Send either header. A key has the rights `ask` (asking and
reading), `write` (changing documents), `ops` (metrics), and may be bound to collections; a service on loopback without keys is open.

**限额 Limits.** 每分钟请求数和同时打开的流按密钥计，各工作进程分别计数，所以四个进程最多放行四倍；遇到 429 和 503，请按 `Retry-After`
等待。 Requests a minute and open streams are counted for each key, by each worker process for itself, so that four of them let
through up to four times the figure; 429 and 503 say in `Retry-After` when to come back.

**错误 Errors.** 只有一种形式 `{"error": {"code", "message", "param", "request_id"}}`，`message` 默认为中文，随 `Accept-Language`
换成英文。 One shape everywhere; `message` is Chinese unless `Accept-Language` prefers English.

**位置 Offsets.** 以 Unicode 码点计，左闭右开 `[start, end)`；时间以毫秒计。 In Unicode code points, half-open; times are in
milliseconds.
"""

SCHEMES = {
    "HTTPBearer": {"type": "http", "scheme": "bearer", "description": "a key of RAG_API_KEYS"},
    "APIKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "the same, where a proxy needs Authorization for itself",
    },
}

ERRORS = {
    "400": "the request cannot be read",
    "401": "no key, or a wrong one",
    "403": "the key, the Host or the Origin does not allow it",
    "413": "the body is too large",
    "415": "the body is of another type",
    "422": "it can be read but breaks a rule; `param` names the field",
    "429": "too many requests a minute, or too many open streams",
    "500": "a fault of the service; only the request id is told",
    "503": "the service is loading or busy; in mode `llm` also: the language model gave no answer (`llm_unavailable`)",
}
OF_ALL = ("403", "500")
OF_GUARDED = ("401", "429", "503")
OF_BODIES = ("400", "413", "415", "422")
RETRIED = {"429", "503"}
# FastAPI's own shape for a broken rule, which no reply of this service has.
DEFAULT_422 = "#/components/schemas/HTTPValidationError"

REQUEST_ID = {"required": True, "schema": {"type": "string"}, "description": "names this request in the service's log"}
RETRY_AFTER = {
    "required": True,
    "schema": {"type": "integer", "minimum": 1},
    "description": "seconds after which to ask again",
}


def describe(app: FastAPI, *, locked: bool) -> None:
    """Make ``app.openapi()`` the whole document. ``locked``: whether keys are set."""
    derive = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete(derive(), locked=locked)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def complete(document: dict[str, Any], *, locked: bool) -> dict[str, Any]:
    """``document`` with security, error replies and common headers on every operation."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    if "ErrorReply" not in schemas:  # no route has named it
        shape = ErrorReply.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= {**shape.pop("$defs"), "ErrorReply": shape}
    components["securitySchemes"] = SCHEMES
    for path, operations in document.get("paths", {}).items():
        for operation in operations.values():
            _complete(operation, guarded=not is_open(path), locked=locked)
    if DEFAULT_422 not in json.dumps(document["paths"]):
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
    document["info"] = {"title": TITLE, "description": DESCRIPTION, "version": package_version()}
    return document


def _complete(operation: dict[str, Any], *, guarded: bool, locked: bool) -> None:
    if guarded:
        operation["security"] = [{name: []} for name in SCHEMES] + ([] if locked else [{}])
    else:
        operation.pop("security", None)
    replies = operation["responses"]
    if DEFAULT_422 in json.dumps(replies.get("422", "")):
        del replies["422"]
    statuses = [*OF_ALL, *(OF_GUARDED if guarded else ())]
    statuses += OF_BODIES if "requestBody" in operation else ("422",) if operation.get("parameters") else ()
    for status in statuses:
        replies.setdefault(status, {"content": _error()})
    for status, reply in replies.items():
        if status in ERRORS:
            reply["description"] = ERRORS[status]
        headers = reply.setdefault("headers", {})
        headers["X-Request-Id"] = REQUEST_ID
        if status in RETRIED:
            headers["Retry-After"] = RETRY_AFTER
    operation["responses"] = dict(sorted(replies.items()))


def _error() -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorReply"}}}
