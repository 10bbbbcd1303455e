"""``GET /metrics``: what the service does, for Prometheus.

Each application has a registry of its own. Where several workers serve one port they count in files of one folder
(``PROMETHEUS_MULTIPROC_DIR``, which api.run.workers makes), and any of them tells the sum.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.guard.caller import Operator
from api.watch.collectors import Build, Processes, States
from api.watch.observing import Answered
from api.watch.route import method, template

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
STAGE_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
TENTHS = tuple(tenth / 10 for tenth in range(1, 11))


class Metrics:
    """What one application counts. It is a pool's gauge (:class:`api.run.pool.Gauge`) and a watcher of answers."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._looked_up: list[Collector] = []
        self.requests = Counter(
            "suanlian_http_requests", "Requests, by route template.", ("route", "method", "status"), registry=registry
        )
        self.seconds = Histogram(
            "suanlian_http_request_seconds",
            "From a request to the end of its reply.",
            ("route", "method"),
            buckets=SECONDS,
            registry=registry,
        )
        self.in_flight = _live("suanlian_http_requests_in_flight", "Requests being served.", registry)
        self.answers = Counter(
            "suanlian_answers", "Answers, by mode and refusal.", ("mode", "refused"), registry=registry
        )
        self.incomplete = Counter(
            "suanlian_answers_incomplete", "Answers that broke off before their end.", ("mode",), registry=registry
        )
        self.fallbacks = Counter(
            "suanlian_answer_fallbacks",
            "Answers of the material's own statements where a language model was to write, by why.",
            ("reason",),
            registry=registry,
        )
        self.repairs = Counter(
            "suanlian_answer_repairs",
            "Statements of a language model that were mended, by how and why.",
            ("kind", "reason"),
            registry=registry,
        )
        self.tokens = Counter(
            "suanlian_llm_tokens",
            "Tokens that the language model read (input) and wrote (output) for answers.",
            ("model", "direction"),
            registry=registry,
        )
        self.stages = Histogram(
            "suanlian_answer_stage_seconds",
            "Time of each stage of an answer; total is the whole of it.",
            ("stage",),
            buckets=STAGE_SECONDS,
            registry=registry,
        )
        self.confidence = Histogram(
            "suanlian_answer_confidence", "Confidence of answers, refusals included.", buckets=TENTHS, registry=registry
        )
        self.busy = _live("suanlian_pool_busy", "Threads at work.", registry)
        self.waiting = _live("suanlian_pool_waiting", "Calls that wait for a thread.", registry)
        self.refusals = Counter(
            "suanlian_pool_rejected", "Calls turned away because too many waited.", registry=registry
        )
        self._writing_busy = _live(
            "suanlian_writing_busy",
            "Threads at work on changes (deletes, collections) or on uploads.",
            registry,
            "pool",
        )
        self._writing_waiting = _live(
            "suanlian_writing_waiting", "Changes or uploads that wait for a thread.", registry, "pool"
        )
        self._writing_refusals = Counter(
            "suanlian_writing_rejected", "Changes turned away because too many waited.", ("pool",), registry=registry
        )
        self.ready = _live("suanlian_ready_workers", "Workers with the index loaded and the model warm.", registry)
        self.add(Build())

    def occupied(self, busy: int, waiting: int) -> None:
        """How full the pool is."""
        self.busy.set(busy)
        self.waiting.set(waiting)

    def rejected(self) -> None:
        """The pool has turned a call away."""
        self.refusals.inc()

    def writing(self, pool: str) -> PoolGauge:
        """The gauge of one of the pools of api.material.writing, told apart by the label ``pool``."""
        return PoolGauge(
            self._writing_busy.labels(pool), self._writing_waiting.labels(pool), self._writing_refusals.labels(pool)
        )

    def answered(self, answered: Answered) -> None:
        """Count an answer."""
        self.answers.labels(answered.mode, str(answered.refused).lower()).inc()
        self.confidence.observe(answered.confidence)
        for stage, ms in answered.timings.items():
            self.stages.labels(stage).observe(ms / 1000)
        if answered.incomplete:
            self.incomplete.labels(answered.mode).inc()
        if answered.fallback is not None:
            self.fallbacks.labels(answered.fallback).inc()
        for repair in answered.repairs:
            self.repairs.labels(repair.kind, repair.reason or "none").inc()
        if answered.usage is not None:
            self.tokens.labels(answered.usage.model, "input").inc(answered.usage.input_tokens)
            self.tokens.labels(answered.usage.model, "output").inc(answered.usage.output_tokens)

    def add(self, collector: Collector) -> None:
        """Look something up each time the metrics are read: what lies in the index or on disk, the same for every worker."""
        self._looked_up.append(collector)

    def states(self, name: str, help: str, read: Callable[[], Mapping[str, float]], *, label: str = "state") -> None:
        """Show what ``read()`` gives, a number for each value of ``label``, each time the metrics are read.

        >>> Metrics().states("suanlian_batches", "Batches, by state.", lambda: {"queued": 2, "running": 1})
        """
        self.add(States(name, help, label, read))

    def text(self, accept: str = "") -> tuple[bytes, str]:
        """The exposition and its media type, in the format that ``accept`` asks for."""
        folder = os.environ.get(FOLDER)
        shown = CollectorRegistry()
        if folder and os.path.isdir(folder):
            MultiProcessCollector(shown, folder)  # type: ignore[no-untyped-call]
            shown.register(Processes(Path(folder)))
        else:
            shown.register(self.registry)
            ProcessCollector(registry=shown)
        for collector in self._looked_up:
            shown.register(collector)
        encode, kind = choose_encoder(accept)
        return encode(shown), kind


@dataclass(frozen=True, slots=True)
class PoolGauge:
    """How full one pool is (:class:`api.run.pool.Gauge`)."""

    busy: Gauge
    waiting: Gauge
    refusals: Counter

    def occupied(self, busy: int, waiting: int) -> None:
        """How full the pool is."""
        self.busy.set(busy)
        self.waiting.set(waiting)

    def rejected(self) -> None:
        """The pool has turned a call away."""
        self.refusals.inc()


class Measured:
    """Counts and times each request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500  # what a bug becomes, further out

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began, below = time.perf_counter(), str(scope.get("root_path", ""))
        self.metrics.in_flight.inc()
        try:
            await self.app(scope, receive, seen)
        finally:
            self.metrics.in_flight.dec()
            labels = template(scope, below), method(scope)
            self.metrics.requests.labels(*labels, str(status)).inc()
            self.metrics.seconds.labels(*labels).observe(time.perf_counter() - began)


def exposition(metrics: Metrics) -> APIRouter:
    """``GET /metrics``."""
    router = APIRouter(tags=["operations"])

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def read_metrics(request: Request, caller: Operator) -> Response:
        """What the service does, in Prometheus' format; needs a key with the right `ops` where keys are set."""
        # Not on the pool: a service that is too busy to answer must still be able to say so.
        text, kind = await asyncio.to_thread(metrics.text, request.headers.get("accept", ""))
        return Response(text, headers={"Content-Type": kind})

    return router


def _live(name: str, help: str, registry: CollectorRegistry, *labels: str) -> Gauge:
    """A gauge that sums over the workers that live."""
    return Gauge(name, help, labels, registry=registry, multiprocess_mode="livesum")
