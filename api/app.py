"""The application: routes, page, limits and access, put together.

A request passes RequestLog → Measured → Cors (where origins are set) → Bugs (→ Traced) → Access → Rates → BodyLimit → route →
Pool → Assistant.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI

from api import errors, mcp
from api.ask import graph, openai, routes
from api.batches import routes as batches
from api.batches.store import BatchStore
from api.description import TITLE, describe
from api.guard.access import Access
from api.guard.keys import parse_keys
from api.guard.limits import BodyLimit
from api.guard.origins import Cors, parse_origins
from api.guard.parameters import no_unknown_parameters
from api.guard.rates import Rates
from api.material import collections, uploads
from api.material.writing import Writing
from api.pages import page, widget
from api.run.loading import Loader
from api.run.pool import Pool
from api.run.stopping import Stop
from api.service import Service
from api.watch import metrics, observing
from api.watch.collectors import Indexes
from api.watch.logs import Bugs, RequestLog
from api.watch.tracing import Traced, tracing
from rag import Assistant, Settings, load_settings, package_version

WRITERS = 32  # answers that a language model may be writing at once, in each worker process


def create_app(
    assistant: Assistant | None = None,
    settings: Settings | None = None,
    *,
    examples: Sequence[str] | Path = (),
) -> FastAPI:
    """The service as an ASGI application.

    Args:
        assistant: what answers; without one, ``Assistant.open(settings=settings)`` runs in the background when
            the application starts, and until it is done ``/readyz`` says 503. One that is given is not closed.
        settings: without them, the assistant's own, or those of the environment.
        examples: questions that the page offers; a path is read as one question a line.

    Raises:
        SettingError: a setting of the environment is wrong, keys or origins cannot be read, or traces that are asked for
            cannot be had.
        OSError: ``examples`` is a path that cannot be read.
    """
    if settings is None:
        settings = assistant.settings if assistant is not None else load_settings()
    counted, traced, stop = metrics.Metrics(), tracing(), Stop(settings.stop_seconds)
    loader = Loader(settings, assistant, ready=lambda: counted.ready.set(1))
    own = settings if assistant is None else assistant.settings  # what answers, and where what is taken stands below it
    writes = bool(settings.llm_model if assistant is None else assistant.language_model)
    pool = Pool(workers=threads(writes), waiting=settings.max_waiting, gauge=counted)
    watchers = (observing.note, counted.answered, *((traced.answered,) if traced else ()))
    service = Service(settings, loader, pool, read_examples(examples), counted, stop, watchers)
    writing, batch_store = Writing(own, loader, counted), BatchStore(own.index)
    counted.add(Indexes(loader.opened))
    counted.states("suanlian_batches", "Batches of the last week, by state.", batch_store.states)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        loader.start()
        writing.start()
        yield
        stop.begin()
        left = stop.left()
        closed, _nothing = await asyncio.gather(
            asyncio.to_thread(pool.close, left), asyncio.to_thread(writing.stop, left)
        )
        if not closed:
            stop.abandoned.set()
        counted.ready.set(0)
        loader.stop()
        if traced:
            await asyncio.to_thread(traced.close)

    app = FastAPI(
        title=TITLE,
        version=package_version(),
        lifespan=lifespan,
        # Its own pages load scripts from elsewhere; api.pages.page serves /docs.
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(no_unknown_parameters)],
        # A slash too many is a wrong address, told in the one error shape.
        redirect_slashes=False,
    )
    app.state.stop = stop  # for the server, whose signals begin it
    app.include_router(routes.questions(service))
    app.include_router(graph.graph(service))
    app.include_router(uploads.uploads(service, writing))
    app.include_router(collections.collections(service, writing))
    app.include_router(openai.completions(service))
    app.include_router(routes.operations(service))
    app.include_router(batches.batches(service, batch_store))
    app.include_router(metrics.exposition(counted))
    mcp.install(app, service)
    page.install(app)
    widget.install(app)
    errors.install(app)
    describe(app, locked=bool(parse_keys(settings)))
    limits = {batches.PATH: settings.max_batch_bytes, uploads.PATH: settings.max_upload_bytes}
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes, of_path=limits)
    app.add_middleware(Rates, settings=settings)
    app.add_middleware(Access, settings=settings)
    if traced:
        app.add_middleware(Traced, tracing=traced)
    app.add_middleware(Bugs)
    if origins := parse_origins(settings):
        app.add_middleware(Cors, origins=origins)
    app.add_middleware(metrics.Measured, metrics=counted)
    app.add_middleware(RequestLog, questions=settings.log_questions)
    return app


def threads(writes: bool) -> int:
    """How many answer at once: one a core, two at the least and eight at the most; more where a language model ``writes``,
    for they wait for it and need no core meanwhile."""
    return WRITERS if writes else max(2, min(8, os.cpu_count() or 2))


def read_examples(examples: Sequence[str] | Path) -> tuple[str, ...]:
    """The example questions; of a file, its lines but for blank ones and those that begin with ``#``."""
    lines = examples.read_text(encoding="utf-8").splitlines() if isinstance(examples, Path) else examples
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
