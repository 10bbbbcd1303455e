"""The MCP server on stdin and stdout, for one program on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from mcp.server.stdio import stdio_server

from api.errors import ApiError, internal_error
from api.mcp.server import make_server
from api.run.loading import Loader
from api.run.pool import Pool
from api.service import Service
from rag import Assistant, Settings, SuanlianError

logger = logging.getLogger("suanlian.api")

THREADS = 2


def run_stdio(settings: Settings, open_assistant: Callable[[], Assistant]) -> None:
    """Serve until stdin ends. While it serves, whatever else is printed goes to stderr.

    An error of ``open_assistant`` is what every call is told; it should tell its user on stderr besides.

    The tools are listed at once; ``open_assistant`` runs meanwhile, and the first call waits for it: a program that starts
    a server gives it a few seconds to answer, and a first start that builds an index takes longer.
    """
    asyncio.run(_serve(settings, open_assistant))


async def _serve(settings: Settings, open_assistant: Callable[[], Assistant]) -> None:
    opened: Future[Service] = Future()
    pool = Pool(workers=THREADS, waiting=settings.max_waiting)
    closing = contextlib.ExitStack()

    def opening() -> None:
        try:
            assistant = open_assistant()
            loader = Loader(assistant.settings, assistant)
            closing.callback(assistant.close)
            closing.callback(loader.stop)
            opened.set_result(Service(assistant.settings, loader, pool, ()))
        except SuanlianError as error:  # it is the user's own machine: the sentence may name its files
            opened.set_exception(ApiError(503, error.code, error.zh, error.en, param=error.param))
        except Exception:
            logger.exception("load_failed")
            opened.set_exception(internal_error())

    async def service() -> Service:
        # Shielded, because a call that is given up must not give up the opening.
        return await asyncio.shield(asyncio.wrap_future(opened))

    server = make_server(settings, service)
    async with stdio_server() as (incoming, outgoing):
        # A daemon, so that a program that goes away while an index is being built is not waited for.
        threading.Thread(target=opening, name="suanlian-open", daemon=True).start()
        await server.run(incoming, outgoing, server.create_initialization_options())
    await asyncio.to_thread(pool.close)
    closing.close()
