"""Several processes that serve one port from one index.

uvicorn's supervisor starts them, passes signals on and ends them; what is here is what it leaves open: the workers'
own way of stopping, a pause before a worker that keeps ending is started again, a bound on the stop, a second signal
that ends all at once, and the folder in which the workers count (api.watch.metrics).
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from api.app import read_examples
from api.run.server import Server, check_keys, configure, listen, make_server, url_of
from api.watch.logs import log_to_stderr
from api.watch.metrics import FOLDER
from api.watch.tracing import check_tracing
from rag import Assistant, Settings, SuanlianError

logger = logging.getLogger("suanlian.api")

HUNG_SECONDS = 60  # without a word from a worker that serves
SHORT_LIFE = 10  # seconds; a worker that ends sooner is started again after a pause, longer each time
LONGEST_PAUSE = 30
TRIES = 2  # of each worker, before any has served
COUNTS, LOCK = "suanlian-metrics-", "supervisor.lock"
JUST_MADE = 60  # seconds in which a lock may be there and not yet held
GRACE = 5  # seconds for closing the index and sending the last traces
SERVING = b"serving"  # what a worker answers once it takes connections


def serve_many(settings: Settings, *, ready: Callable[[str], None], examples: Sequence[str] | Path = ()) -> None:
    """As :func:`api.run.serving.serve`, with the settings' number of workers. Each opens the index for itself.

    Raises:
        SettingError: as there. SuanlianError: the workers end before they serve.
    """
    check_keys(settings)
    check_tracing()
    listening = listen(settings.host, settings.port)
    url = url_of(settings.host, listening.getsockname()[1])
    given = os.environ.get(FOLDER)
    with listening, _counts(Path(given or tempfile.gettempdir())) as folder:
        os.environ[FOLDER] = folder
        try:
            supervisor = Supervisor(settings, listening, read_examples(examples), lambda: ready(url))
            supervisor.run()
        finally:
            os.environ.pop(FOLDER) if given is None else os.environ.update({FOLDER: given})
    if supervisor.failed:
        raise SuanlianError(
            "The workers end before they serve; the log above says why.",
            "工作进程在开始服务之前就退出了，原因见上面的日志。",
        )


@contextmanager
def _counts(below: Path) -> Iterator[str]:
    """A folder for the workers to count in, removed at the end; those that killed supervisors have left are removed first.

    The lock in it is held as long as the supervisor lives, whatever the machine or container: a process's number says
    nothing to another container, where it may be another's.
    """
    for left in below.glob(f"{COUNTS}*"):
        with suppress(OSError, Timeout):  # another user's, or one that goes this very moment
            if not left.is_symlink() and (left / LOCK).stat().st_mtime < time.time() - JUST_MADE:
                with FileLock(left / LOCK, timeout=0):
                    pass
                shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=COUNTS, dir=below) as folder, FileLock(Path(folder) / LOCK):
        yield folder


class Worker(Process):
    """One process: a server on the shared socket."""

    def __init__(
        self, config: uvicorn.Config, listening: socket.socket, settings: Settings, examples: Sequence[str]
    ) -> None:
        self._settings = settings
        self._examples = examples
        self.born = self.heard = time.monotonic()
        self.served = self.asked = False
        super().__init__(config, [listening])
        # uvicorn's own opens stdin anew in the worker, for debuggers, and leaves it open.
        self.process = get_context("spawn").Process(target=self.target, args=([listening],))

    def target(self, sockets: list[socket.socket] | None = None) -> None:
        """What the process does: it opens the index, and only then takes its share of the connections."""
        assert sockets
        log_to_stderr(self._settings)
        signal.signal(signal.SIGTERM, self._on_term)
        with sockets[0] as listening:
            try:
                assistant = Assistant.open(settings=self._settings)
                assistant.warm()
                server = make_server(
                    self._settings,
                    assistant=assistant,
                    ready=lambda url: None,
                    examples=self._examples,
                    listening=listening,
                )
            except Exception:
                logger.exception("worker_failed")
                sys.exit(1)
            server.supervised = True
            self._server = server
            threading.Thread(target=self.always_pong, daemon=True).start()
            threading.Thread(target=_stop_without_parent, args=(server,), daemon=True).start()
            server.run()
        server.leave()

    def _on_term(self, *_: object) -> None:
        # uvicorn raises the signal once more when it has stopped. The process then ends as any other, not by the signal,
        # so that what it holds of the system is given back.
        if self._server is None:
            sys.exit(0)
        self._server.should_exit = True

    def pong(self) -> None:
        """Answers one question of the supervisor's, in plain bytes: uvicorn's own are pickled."""
        self.child_conn.recv_bytes()
        self.child_conn.send_bytes(SERVING if self.server.started else b"starting")

    def check(self) -> bool:
        """Whether it lives, and if it has served, whether it has said so of late. Never waits."""
        if not self.process.is_alive():
            return False
        now = time.monotonic()
        try:
            while self.parent_conn.poll(0):
                self.served |= self.parent_conn.recv_bytes() == SERVING
                self.heard, self.asked = now, False
            if not self.asked:
                self.parent_conn.send_bytes(b"ping")
                self.asked = True
        except (OSError, EOFError):
            return False
        # Before it serves it is loading, and has no thread that could answer.
        return not self.served or now - self.heard < HUNG_SECONDS


class Supervisor(Multiprocess):
    """Starts the workers, starts another for one that ends, and stops them all."""

    def __init__(
        self, settings: Settings, listening: socket.socket, examples: Sequence[str], ready: Callable[[], None]
    ) -> None:
        config = configure(_no_app, settings)
        super().__init__(config, [listening])
        if not settings.threads:  # else each would take all the cores for the model
            settings = settings.model_copy(update={"threads": max(1, (os.cpu_count() or 1) // settings.workers)})
        self._settings = settings
        self._examples = examples
        self._ready: Callable[[], None] | None = ready
        self._short_lives: dict[int, int] = {}  # place → in a row
        self._due: dict[int, float] = {}  # place of a worker that has ended → when the next is started
        self.failed = False
        self.processes: list[Worker] = []  # type: ignore[assignment]

    def init_processes(self) -> None:
        self.processes[:] = [self._start() for _ in range(self.processes_num)]

    def _start(self) -> Worker:
        worker = Worker(self.config, self.sockets[0], self._settings, self._examples)
        # A terminal sends Ctrl-C to all of them; the supervisor alone answers it. What is ignored now, a child ignores
        # from its first moment, and not with a traceback while it is importing.
        answering = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            worker.start()
        finally:
            signal.signal(signal.SIGINT, answering)
        return worker

    def keep_subprocess_alive(self) -> None:
        for place, worker in enumerate(self.processes):
            if place not in self._due:
                if worker.check():
                    self._announce(worker)
                    continue
                self._due[place] = time.monotonic() + self._bury(place, worker)
            if not self.should_exit.is_set() and time.monotonic() >= self._due[place]:
                del self._due[place]
                self.processes[place] = self._start()

    def _announce(self, worker: Worker) -> None:
        if worker.served and self._ready is not None:
            ready, self._ready = self._ready, None
            ready()

    def _bury(self, place: int, worker: Worker) -> float:
        """Take leave of a worker; seconds until the next is due."""
        worker.kill()  # where it hangs
        worker.join()
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
        short = not worker.served or time.monotonic() - worker.born < SHORT_LIFE
        self._short_lives[place] = self._short_lives.get(place, 0) + 1 if short else 0
        logger.error("worker_ended", extra={"pid": worker.pid, "exitcode": worker.exitcode})
        if self._ready is not None and self._short_lives[place] >= TRIES:
            self.failed = True
            self.should_exit.set()
        return float(min(LONGEST_PAUSE, 2 ** self._short_lives[place] / 4)) if short else 0.0

    def terminate_all(self) -> None:
        for shared in self.sockets:  # with the workers' own, so that new connections are refused and do not wait
            shared.close()
        super().terminate_all()

    def join_all(self) -> None:
        """Until the last has ended: ``stop_seconds`` and a little, or a second Ctrl-C, after which they are killed."""
        until = time.monotonic() + self._settings.stop_seconds + GRACE
        while any(worker.process.is_alive() for worker in self.processes):
            if signal.SIGINT in self.signal_queue or time.monotonic() > until:
                for worker in self.processes:
                    worker.process.kill()
            time.sleep(0.05)

    def handle_hup(self) -> None:
        """The terminal was closed: as without workers, that is the end."""
        self.handle_term()

    def handle_ttin(self) -> None:
        """The number of workers is a setting."""

    handle_ttou = handle_ttin


def _no_app() -> None:
    """In the supervisor's place of an application, which only the workers have."""


def _stop_without_parent(server: Server) -> None:
    """A worker whose supervisor was killed stops too: nobody would replace or end it."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        server.should_exit = True
