"""Many questions at once: a few threads, a journal, and a word about how far it is."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

from rag.errors import InputError, LanguageModelError, QuestionFailedError, SuanlianError
from rag.jobs.batch_lines import BatchLine
from rag.jobs.journal import BatchJournal

logger = logging.getLogger("suanlian.batch")

Ask = Callable[[BatchLine], Mapping[str, Any]]


_RECENT = 200  # questions that the rate is read from


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a batch is. ``done`` lines have come to an end, of which ``failed`` with an error and ``refused`` with a refusal;
    ``rate`` is questions a second of late, ``eta`` the seconds left at that rate (None: not known yet)."""

    done: int
    failed: int
    refused: int
    total: int
    rate: float = 0.0
    eta: float | None = None


def stops_a_batch(error: Exception) -> bool:
    """Whether an error is about more than one question: the index, the model, the disk. A language model that failed at one
    question may write the next; one that is left alone for a while would fail at all of them."""
    if isinstance(error, LanguageModelError):
        return error.reason == "paused"
    return isinstance(error, SuanlianError) and not isinstance(error, InputError)


def run_batch(
    lines: Sequence[BatchLine],
    ask: Ask,
    journal: BatchJournal,
    *,
    workers: int = 1,
    rate: float | None = None,
    stop: threading.Event | None = None,
    fatal: Callable[[Exception], bool] = stops_a_batch,
    progress: Callable[[BatchProgress], None] | None = None,
) -> BatchProgress:
    """Ask what the journal holds no answer to, and write each answer to it as it comes.

    What failed in an earlier run is asked again. An error of one question is that line's; a bug is, too.

    Args:
        lines: the whole batch. ask: answers one line, called from ``workers`` threads. journal: open for writing.
        rate: questions a second at the most. stop: once set, what is being asked is finished and no more begun.
        fatal: errors that end the run, and are raised. progress: told after each question, by one thread at a time.

    Raises:
        SuanlianError: a fatal one. What was answered until then is kept.
    """
    stop = stop or threading.Event()
    run = _Run(lines, journal, stop, _Pace(rate, stop), progress or (lambda _: None))
    run.tell()
    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="suanlian-batch") as pool:
        threads = [pool.submit(run.work, ask, fatal) for _ in range(max(1, workers))]
        try:
            wait(threads)
        except BaseException:  # Ctrl-C comes here: the answers under way are still kept
            stop.set()
            raise
    for thread in threads:
        thread.result()
    return run.now()


class _Run:
    """What the threads of a run share."""

    def __init__(
        self,
        lines: Sequence[BatchLine],
        journal: BatchJournal,
        stop: threading.Event,
        pace: _Pace,
        progress: Callable[[BatchProgress], None],
    ) -> None:
        self._journal, self._stop, self._pace, self._progress = journal, stop, pace, progress
        self._total = len(lines)
        states = [(line, journal.state(line)) for line in lines]
        todo = [line for line, state in states if line.error is None and state in (None, "failed")]
        self._todo: Iterator[BatchLine] = iter(todo)
        again = {line.key for line in todo}
        self._ended: Counter[str | None] = Counter(s for line, s in states if s and line.key not in again)
        self._recent: deque[float] = deque([time.monotonic()], maxlen=_RECENT)
        self._lock = threading.Lock()

    def work(self, ask: Ask, fatal: Callable[[Exception], bool]) -> None:
        """Ask one line after another until none is left, or the run is stopped."""
        try:
            while not self._stop.is_set() and (line := self._next()) is not None:
                self._pace.wait()
                if self._stop.is_set():
                    return
                try:
                    reply = ask(line)
                except Exception as error:
                    if fatal(error):
                        raise
                    self._journal.fail(line, _error_of(error))
                else:
                    self._journal.answer(line, reply)
                self._count(line)
        except BaseException:
            self._stop.set()  # the others end too
            raise

    def _next(self) -> BatchLine | None:
        with self._lock:
            return next(self._todo, None)

    def _count(self, line: BatchLine) -> None:
        with self._lock:
            self._ended[self._journal.state(line)] += 1
            self._recent.append(time.monotonic())
            self._progress(self.now())

    def tell(self) -> None:
        """Say how far it is before anything is asked."""
        self._progress(self.now())

    def now(self) -> BatchProgress:
        """How far it is."""
        done = self._ended.total()
        span = self._recent[-1] - self._recent[0]
        rate = (len(self._recent) - 1) / span if span > 0 else 0.0
        eta = (self._total - done) / rate if rate else None
        return BatchProgress(done, self._ended["failed"], self._ended["refused"], self._total, rate, eta)


class _Pace:
    """At most ``rate`` beginnings a second, over all threads."""

    def __init__(self, rate: float | None, stop: threading.Event) -> None:
        self._between = 1 / rate if rate else 0.0
        self._stop = stop
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        if not self._between:
            return
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._between
        self._stop.wait(at - now)


def _error_of(error: Exception) -> SuanlianError:
    """The error as it is written down; of a bug nothing but that it was one (the log has the rest)."""
    if isinstance(error, SuanlianError):
        return error
    logger.error("question_failed", exc_info=error)
    return QuestionFailedError(
        "Something went wrong inside the program; the other questions are not affected. Ask this one again.",
        "程序内部出错，其他问题不受影响；请重新问这个问题。",
    )
