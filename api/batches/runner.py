"""Works on batches beside the service's own questions, which go first."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from api.batches.store import Batch, BatchStore
from api.errors import ApiError, from_library
from api.guard.caller import Caller
from api.service import Service
from rag import (
    BatchBusyError,
    BatchLine,
    BatchProgress,
    LanguageModelError,
    QuestionError,
    run_batch,
    stops_a_batch,
)

logger = logging.getLogger("suanlian.api")

LOOK_SECONDS = 2.0  # between looks for batches that came by another worker, or whose worker is gone
AGAIN_SECONDS = 30.0  # before a batch is tried again that could not be worked on
PRUNE_SECONDS = 3600.0
TELL_SECONDS = 1.0
# A batch's question waits while somebody's own is being answered; but for so long at the most, that it ends some day.
YIELD_SECONDS = 1.0
_GLANCE_SECONDS = 0.01


class _CancelledError(Exception):
    """The batch was stopped."""


class BatchRunner:
    """A thread that takes up one unfinished batch after another that no other worker holds."""

    def __init__(self, service: Service, store: BatchStore) -> None:
        self._service, self._store = service, store
        self._workers = max(1, min(4, (os.cpu_count() or 2) // 2))
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._run_stop = threading.Event()
        self._not_before: dict[str, float] = {}  # batches that could not be worked on
        self._failing = ""
        self._pruned = 0.0
        self._thread = threading.Thread(target=self._loop, name="suanlian-batches", daemon=True)

    def start(self) -> None:
        """Begin; batches that an earlier process left are taken up."""
        self._thread.start()

    def wake(self) -> None:
        """Look for batches now."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the questions under way and begin no other; the rest is left for the next process."""
        self._stopping.set()
        self._run_stop.set()
        self._wake.set()
        self._thread.join()

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                for batch in self._store.unfinished():
                    if not self._stopping.is_set() and self._not_before.get(batch.id, 0.0) <= time.monotonic():
                        self._take(batch)
                if time.monotonic() - self._pruned > PRUNE_SECONDS or not self._pruned:
                    self._store.prune()
                    self._pruned = time.monotonic()
                self._failing = ""
            except Exception as error:
                if self._failing != (now := repr(error)):  # a disk that refuses does so at each look
                    logger.exception("batches_failed")
                self._failing = now
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _take(self, batch: Batch) -> None:
        """Work on a batch until it is done, stopped, or cannot be worked on now."""
        try:
            self._answer(batch)
        except (BatchBusyError, _CancelledError):
            return
        except ApiError as error:  # the index is still being loaded
            logger.debug("batch_waits", extra={"batch": batch.id, "code": error.code})
        except LanguageModelError as error:  # it is left alone for a while, and so is the batch
            logger.warning("batch_waits", extra={"batch": batch.id, "code": error.code})
            self._not_before[batch.id] = time.monotonic() + (error.retry_after or AGAIN_SECONDS)
        except Exception:
            if self._store.get(batch.id) is not None:
                level = logging.DEBUG if batch.id in self._not_before else logging.ERROR
                logger.log(level, "batch_failed", exc_info=True, extra={"batch": batch.id})
                self._not_before[batch.id] = time.monotonic() + AGAIN_SECONDS

    def _answer(self, batch: Batch) -> None:
        ask = self._asking(batch)
        with self._store.journal(batch) as journal:
            if self._store.status(batch).finished is not None:  # by another worker, meanwhile
                return
            self._run_stop = stop = threading.Event()
            if self._stopping.is_set():
                return
            told, now = 0.0, BatchProgress(0, 0, 0, batch.total)

            def tell(progress: BatchProgress) -> None:
                nonlocal told, now
                now = progress
                if time.monotonic() - told >= TELL_SECONDS:
                    self._store.tell(batch, progress)
                    told = time.monotonic()

            try:
                run_batch(
                    list(self._store.lines(batch, self._service.settings.max_question_chars)),
                    ask,
                    journal,
                    workers=self._workers,
                    stop=stop,
                    fatal=lambda error: isinstance(error, _CancelledError) or stops_a_batch(error),
                    progress=tell,
                )
            finally:
                self._store.tell(batch, now, finished=now.done == now.total)

    def _asking(self, batch: Batch) -> Callable[[BatchLine], dict[str, Any]]:
        """What answers a line. Raises ApiError while the service is loading."""
        try:
            assistant = self._service.assistant(Caller(), batch.collection)
        except ApiError as error:
            if error.status_code != 404:
                raise
            gone = QuestionError(error.en, error.zh, code=error.code, param=error.param)
            assistant = None

        def ask(line: BatchLine) -> dict[str, Any]:
            if self._store.is_cancelled(batch):
                raise _CancelledError
            if assistant is None:
                raise gone
            self._let_others_go_first()
            try:
                return assistant.ask(line.asked(), mode=batch.mode, top_k=batch.top_k).as_dict()
            except LanguageModelError as error:
                if stops_a_batch(error):
                    raise
                told = from_library(error)  # the line says it to whoever sent it, who need not know where the model is
                raise LanguageModelError(told.en, told.zh, reason=error.reason) from error

        return ask

    def _let_others_go_first(self) -> None:
        until = time.monotonic() + YIELD_SECONDS
        while self._service.pool.busy and time.monotonic() < until and not self._stopping.is_set():
            time.sleep(_GLANCE_SECONDS)
