"""One line a request, and the request's id. Questions (unless asked for), keys and query strings are not logged."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import uuid
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response, internal_error
from api.guard.addresses import own_path
from api.watch.observing import REQUEST, Answered
from rag import Settings

logger = logging.getLogger("suanlian.api")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Asked every few seconds by balancers and Prometheus: a line each would bury the others.
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}
_PLAIN = re.compile(r'[^\s"=]+')


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON: time (UTC), level, event, and the record's extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= _extra(record)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """A log record as a line for a person: local time, level, event, and the record's extra fields as ``name=value``."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _extra(record)
        words = [time.strftime("%H:%M:%S", time.localtime(record.created)), f"{record.levelname.lower():<7}"]
        if record.msg == "request":
            words += [_plain(fields.pop(name, "-")) for name in ("method", "path", "status")]
            words.append(f"{fields.pop('ms', 0)} ms")
        else:
            words.append(record.getMessage())
        words += [f"{name}={_plain(value)}" for name, value in fields.items()]
        line = " ".join(words)
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def log_to_stderr(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Lines on stderr from the service and from uvicorn; called by a program, never by a library."""
    stream = stream or sys.stderr
    text = settings.log_format == "text" or (settings.log_format == "auto" and stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(TextFormatter() if text else JsonFormatter())
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    for name, least in (("suanlian", level), ("uvicorn", max(level, logging.WARNING))):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(least)
        logger.propagate = False


class RequestLog:
    """Gives each request an id (the client's own ``X-Request-Id`` where it is a plain one) and logs it. With ``questions``,
    what was asked is in the line too; what became of an answer that a language model was to write always is."""

    def __init__(self, app: ASGIApp, questions: bool = False) -> None:
        self.app = app
        self.questions = questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, path = time.perf_counter(), own_path(scope)
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else f"req_{uuid.uuid4().hex}"
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        token = REQUEST.set(state)
        status = 0

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                # What other sites may embed says so itself.
                headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, with_id)
        finally:
            REQUEST.reset(token)
            fields = {
                "request_id": request_id,
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "code": state.get("error_code"),
                "caller": getattr(state.get("caller"), "name", None),
                "trace_id": state.get("trace_id"),
                **self._answer(state.get("answered")),
            }
            quiet = path in QUIET and status != 500
            logger.log(
                logging.DEBUG if quiet else logging.INFO,
                "request",
                extra={name: value for name, value in fields.items() if value is not None},
            )

    def _answer(self, answered: Answered | None) -> dict[str, Any]:
        if answered is None:
            return {}
        fields: dict[str, Any] = {}
        if (
            answered.mode == "llm" or answered.fallback is not None
        ):  # a language model had, or should have had, a part in it
            fields = {
                "mode": answered.mode,
                "fallback": answered.fallback,
                "repairs": len(answered.repairs) or None,
                "incomplete": answered.incomplete or None,
            }
        if not self.questions:
            return fields
        return fields | {
            "question": answered.question,
            "mode": answered.mode,
            "refused": answered.refused,
            "confidence": round(answered.confidence, 3),
        }


class Bugs:
    """Turns a bug into a 500 that says nothing but the request's id. It stands within what writes headers for pages of other
    sites (:mod:`api.guard.origins`), so that those can read it too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def seen(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, seen)
        except Exception:
            logger.exception("bug", extra={"request_id": scope["state"].get("request_id")})
            if begun:
                raise  # half a reply is out already; the server must cut the connection
            await error_response(scope, internal_error())(scope, receive, send)


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _plain(value: Any) -> str:
    """A value on one line, in quotes where it would be read as more than one."""
    text = str(value)
    if _PLAIN.fullmatch(text) and text.isprintable():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in quoted)
