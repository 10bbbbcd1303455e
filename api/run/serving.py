"""Runs the service: in this process, or in several that share its port."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

from api.run.server import make_server
from api.run.workers import serve_many
from api.watch.logs import log_to_stderr
from rag import Assistant, Settings


def serve(
    settings: Settings,
    *,
    assistant: Assistant | None = None,
    ready: Callable[[str], None],
    examples: Sequence[str] | Path = (),
) -> None:
    """Run the service until SIGINT or SIGTERM, in as many processes as the settings' ``workers``.

    Args:
        settings: ``host`` and ``port`` (0: a free one), keys and limits.
        assistant: what answers; without one, it is opened in the background. Workers open one each.
        ready: called with the service's URL once it listens.
        examples: questions that the page offers (:func:`api.app.create_app`).

    Raises:
        SettingError: a host beyond loopback without keys, a host that is not this machine's, a port in use, or traces
            that cannot be had.
        SuanlianError: the workers end before they serve.
    """
    log_to_stderr(settings)
    if settings.workers > 1:
        serve_many(settings, ready=ready, examples=examples)
        return
    server = make_server(settings, assistant=assistant, ready=ready, examples=examples)
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is the ordinary way to stop it
        server.run()
    server.leave()
