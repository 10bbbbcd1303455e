"""What changes the index while the service runs: the queue of ingestions, its worker, and a thread for short changes."""

from __future__ import annotations

import threading
import time

from api.run.loading import Loader
from api.run.pool import Pool
from api.watch.metrics import Metrics
from rag import IngestionQueue, IngestionWorker, Settings

UNBOUNDED = 1_000_000_000


class Writing:
    """The queue of an index's ingestions with the worker that works it off.

    ``changes`` runs deletes and the making of collections one after another, so that some that wait for the writer's
    lock hold up no answer; ``receiving`` puts uploads into the queue, as many as come: none is refused for another's
    sake.
    """

    def __init__(self, settings: Settings, loader: Loader, metrics: Metrics) -> None:
        self.queue = IngestionQueue(settings.index)
        self.changes = Pool(workers=1, waiting=settings.max_waiting, gauge=metrics.writing("changes"))
        self.receiving = Pool(workers=2, waiting=UNBOUNDED, gauge=metrics.writing("uploads"))
        self._worker = IngestionWorker(self.queue, lambda: loader.current)
        self._starting = threading.Lock()
        self._started = False
        metrics.states("suanlian_ingestions", "Ingestions of the last week, by state.", self.queue.states)
        metrics.states(
            "suanlian_ingestion_documents",
            "Documents of the ingestions of the last week, by what has become of them.",
            self.queue.outcomes,
        )

    def start(self) -> None:
        """Begin to work off what waits, once the assistant is there. A second time does nothing."""
        with self._starting:
            if not self._started:
                self._started = True
                self._worker.start()

    def stop(self, seconds: float) -> None:
        """Finish what was begun or leave it to be taken up again, within ``seconds``."""
        until = time.monotonic() + seconds
        self._worker.stop(seconds=seconds)
        for pool in (self.receiving, self.changes):
            pool.close(max(0.1, until - time.monotonic()))
        self.queue.close()
