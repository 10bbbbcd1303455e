"""The service's assistants: its own, opened and warmed in the background, so that the service can say at once that it
lives; and one for each other collection of the index, opened when it is first asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from api.errors import ApiError, unavailable
from rag import Assistant, Settings, SuanlianError, has_collection

logger = logging.getLogger("suanlian.api")


class Loader:
    """Opens the assistant, or takes the one ``given`` (which stays its giver's to close). ``ready()`` is called once it is
    warm."""

    def __init__(
        self, settings: Settings, given: Assistant | None = None, ready: Callable[[], None] = lambda: None
    ) -> None:
        self._settings = settings
        self._given = given is not None
        self._lock = threading.Lock()
        self._started = self._stopped = False
        self._failed: str | None = None
        self._assistant = given
        self._beside: dict[str, Assistant] = {}
        self._ready = ready

    def start(self) -> None:
        """Begin loading. The thread is a daemon: a service that is stopped while it loads does not wait for it."""
        with self._lock:
            if self._started:
                return
            self._started = True
            given, self._assistant = self._assistant, None
        threading.Thread(target=self._load, args=(given,), name="suanlian-load", daemon=True).start()

    def _load(self, given: Assistant | None) -> None:
        try:
            assistant = given or Assistant.open(settings=self._settings, progress=self._progress)
            assistant.warm()
        except Exception as error:
            # The reason may name files, so it goes to the log; clients get the code.
            self._failed = error.code if isinstance(error, SuanlianError) else "internal_error"
            logger.exception("load_failed", extra={"code": self._failed})
            return
        with self._lock:
            if not self._stopped:
                self._assistant = assistant
                self._ready()
                logger.info("ready", extra={"generation": assistant.generation})
                return
        if not self._given:
            assistant.close()

    @staticmethod
    def _progress(message: str) -> None:
        logger.info("loading", extra={"progress": message})

    @property
    def current(self) -> Assistant | None:
        """The assistant, once it is loaded and warm."""
        return self._assistant

    def opened(self) -> tuple[Assistant, ...]:
        """All assistants that are open."""
        with self._lock:
            own = (self._assistant,) if self._assistant is not None else ()
            return (*own, *self._beside.values())

    def assistant(self, collection: str | None = None) -> Assistant:
        """The service's own assistant, or that of another collection of the same index. No index is opened for it here,
        so that it may be called where nothing may block.

        Raises:
            ApiError: 503 while it is being loaded, or where loading failed.
            CollectionNotFoundError: there is no such collection, or there is none any more.
        """
        own = self._assistant
        if own is None:
            if not self._stopped:
                self.start()  # mounted in another application, whose start this one is not told of
            raise self._why_not()
        return own if collection in (None, own.collection) else self._other(own, str(collection))

    def _other(self, own: Assistant, collection: str) -> Assistant:
        with self._lock:
            if collection in self._beside and not has_collection(own.settings, collection):
                self._beside.pop(collection).close()  # deleted, here or by another process; readers in flight go on
            if collection not in self._beside:
                self._beside[collection] = own.beside(collection)
            return self._beside[collection]

    def _why_not(self) -> ApiError:
        if self._failed is None:
            return unavailable(
                "loading", "正在加载索引和模型，请稍候。", "The index and the model are being loaded; wait a moment."
            )
        return unavailable(
            self._failed,
            f"索引或模型未能加载（{self._failed}），原因见服务日志。",
            f"The index or the model could not be loaded ({self._failed}); the service's log says why.",
        )

    def stop(self) -> None:
        """Close the assistants, but for the one that was given."""
        with self._lock:
            self._stopped = True
            assistant, self._assistant = self._assistant, None
            others, self._beside = self._beside, {}
        for other in others.values():
            other.close()
        if assistant is not None and not self._given:
            assistant.close()
