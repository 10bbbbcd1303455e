"""OpenTelemetry traces, where the environment asks for them; otherwise nothing of it is imported.

The variables are OpenTelemetry's own: ``OTEL_EXPORTER_OTLP_ENDPOINT`` (or ``…_TRACES_ENDPOINT``) or
``OTEL_TRACES_EXPORTER`` turns them on, ``OTEL_SDK_DISABLED`` off; ``OTEL_SERVICE_NAME``, ``OTEL_TRACES_SAMPLER``,
``OTEL_EXPORTER_OTLP_HEADERS`` and the like are read by its SDK. A span never holds what was asked.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.watch.observing import Answered
from api.watch.route import method, template
from rag import SettingError, package_version

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.util.types import AttributeValue

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL = "http/protobuf"
LAST_SECONDS = 3.0
EXPORTERS = ("otlp", "console", "none")
NEEDED = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


def exporter_name(environ: Mapping[str, str] = os.environ) -> str | None:
    """``otlp`` or ``console``, as the environment asks; None where it asks for no traces.

    Raises:
        SettingError: an exporter or a protocol that is not known here.
    """
    named = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    asked = named or ("otlp" if any(environ.get(name) for name in ENDPOINTS) else "none")
    if asked == "none" or environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    if asked not in EXPORTERS:
        raise SettingError(
            f"OTEL_TRACES_EXPORTER={named} is not known here; use one of {', '.join(EXPORTERS)}.",
            f"不支持 OTEL_TRACES_EXPORTER={named}；请使用 {'、'.join(EXPORTERS)} 之一。",
            param="OTEL_TRACES_EXPORTER",
        )
    protocol = next((environ[name] for name in PROTOCOLS if environ.get(name)), PROTOCOL)
    if asked == "otlp" and protocol != PROTOCOL:
        raise SettingError(
            f"OTEL_EXPORTER_OTLP_PROTOCOL={protocol} is not known here; use {PROTOCOL} (port 4318 of a collector).",
            f"不支持 OTEL_EXPORTER_OTLP_PROTOCOL={protocol}；请使用 {PROTOCOL}（收集器的 4318 端口）。",
            param="OTEL_EXPORTER_OTLP_PROTOCOL",
        )
    return asked


def check_tracing() -> str | None:
    """As :func:`exporter_name`, and what it needs is installed.

    Raises:
        SettingError: traces are asked for and cannot be had.
    """
    name = exporter_name()
    if name is not None and not installed():
        raise SettingError(
            "Traces are asked for by OTEL_* variables, and OpenTelemetry is not installed; run `pip install 'suanlian[otel]'`, or unset the variables.",
            "OTEL_* 环境变量要求输出追踪，但没有安装 OpenTelemetry；请运行 `pip install 'suanlian[otel]'`，或取消这些变量。",
            param="OTEL_TRACES_EXPORTER",
        )
    return name


def installed() -> bool:
    """Whether what ``suanlian[otel]`` brings is there."""
    try:
        return all(importlib.util.find_spec(name) is not None for name in NEEDED)
    except ModuleNotFoundError:  # of a parent package
        return False


def tracing() -> Tracing | None:
    """What the environment asks for; None where it asks for nothing.

    Raises:
        SettingError: as :func:`check_tracing`.
    """
    name = check_tracing()
    if name is None:
        return None
    if name == "console":
        import sys

        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return Tracing(ConsoleSpanExporter(out=sys.stderr))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return Tracing(OTLPSpanExporter())


class Tracing:
    """A tracer of one application's own; it is a watcher of answers.

    Args:
        exporter: where finished spans go, in the background.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        about = {"service.version": package_version()}
        if not os.environ.get("OTEL_SERVICE_NAME"):
            about["service.name"] = "suanlian"
        self._provider: TracerProvider = TracerProvider(resource=Resource.create(about), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self.tracer = self._provider.get_tracer("suanlian", package_version())
        self.propagator = TraceContextTextMapPropagator()

    def answered(self, answered: Answered) -> None:
        """A span for an answer and one for each of its stages, which follow one another, below the current span."""
        from opentelemetry.trace import set_span_in_context

        facts: dict[str, AttributeValue] = {
            "suanlian.mode": answered.mode,
            "suanlian.refused": answered.refused,
            "suanlian.confidence": answered.confidence,
            "suanlian.collection": answered.collection,
            "suanlian.generation": answered.generation,
            "suanlian.incomplete": answered.incomplete,
            "suanlian.repairs": len(answered.repairs),
        }
        if answered.fallback is not None:
            facts["suanlian.fallback"] = answered.fallback
        if answered.usage is not None:  # as OpenTelemetry's conventions name them
            facts["gen_ai.request.model"] = answered.usage.model
            facts["gen_ai.usage.input_tokens"] = answered.usage.input_tokens
            facts["gen_ai.usage.output_tokens"] = answered.usage.output_tokens
        span = self.tracer.start_span("answer", start_time=answered.began, attributes=facts)
        inside = set_span_in_context(span)
        for stage, began, ended in _laid_out(answered):
            self.tracer.start_span(stage, inside, start_time=began).end(ended)
        span.end(answered.ended)

    def close(self, seconds: float = LAST_SECONDS) -> None:
        """Send what is left, for ``seconds`` at the most: a collector that is away does not hold up the end."""
        closing = threading.Thread(target=self._provider.shutdown, name="suanlian-traces", daemon=True)
        closing.start()
        closing.join(seconds)


class Traced:
    """A span for each request, named by its method and route; a caller's ``traceparent`` is its parent."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self.app = app
        self.tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from opentelemetry.trace import SpanKind, StatusCode, format_trace_id

        below = str(scope.get("root_path", ""))
        headers = Headers(scope=scope)
        carrier = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
        state = scope.setdefault("state", {})
        with self.tracing.tracer.start_as_current_span(
            method(scope),
            self.tracing.propagator.extract(carrier),
            kind=SpanKind.SERVER,
            record_exception=False,  # its message might hold what was asked
            set_status_on_exception=False,
        ) as span:
            state["trace_id"] = format_trace_id(span.get_span_context().trace_id)

            async def seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            try:
                await self.app(scope, receive, seen)
            except Exception as error:
                span.set_attribute("http.response.status_code", 500)
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(StatusCode.ERROR)
                raise
            finally:
                route = template(scope, below)
                span.update_name(f"{method(scope)} {route}")
                span.set_attributes(
                    {
                        "http.request.method": method(scope),
                        "http.route": route,
                        "url.scheme": str(scope.get("scheme", "http")),
                        "suanlian.request_id": str(state.get("request_id", "")),
                    }
                )


def _laid_out(answered: Answered) -> Iterator[tuple[str, int, int]]:
    """(stage, began, ended) of each stage, in ns since 1970, one after the other from the answer's beginning."""
    at = answered.began
    for stage, ms in answered.stages.items():
        ended = min(answered.ended, at + int(ms * 1e6))
        yield stage, at, ended
        at = ended
