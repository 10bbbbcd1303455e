"""What the routes share: the settings, the assistant, the threads that it works on."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.errors import ApiError
from api.guard.caller import Caller
from api.run.loading import Loader
from api.run.pool import Pool
from api.run.stopping import Stop
from api.watch.metrics import Metrics
from api.watch.observing import Watcher, observed
from rag import Assistant, Settings


@dataclass(frozen=True, slots=True)
class Service:
    """One service: an assistant, its settings and limits, and those who are told of each answer."""

    settings: Settings
    loader: Loader
    pool: Pool
    examples: tuple[str, ...]
    metrics: Metrics = field(default_factory=Metrics)
    stop: Stop = field(default_factory=lambda: Stop(0))
    watchers: tuple[Watcher, ...] = ()

    def assistant(self, caller: Caller, collection: str | None = None) -> Assistant:
        """The assistant of the collection that the caller names, or of the caller's own.

        Raises:
            ApiError: 403 for a collection that is not the caller's, 503 while loading.
            CollectionNotFoundError: there is no such collection (404).
        """
        own = self.loader.assistant()
        return observed(self.loader.assistant(caller.collection(collection, own.collection)), self.watchers)

    @property
    def language_model(self) -> str | None:
        """The name of the language model that is configured; None where none is."""
        assistant = self.loader.current
        return (self.settings.llm_model or None) if assistant is None else assistant.language_model

    def check_length(self, param: str, text: str) -> None:
        """
        Raises:
            ApiError: 422 ``question_too_long``, naming ``param``.
        """
        limit = self.settings.max_question_chars
        if len(text) > limit:
            raise ApiError(
                422,
                "question_too_long",
                f"问题有 {len(text)} 个字符，最多 {limit} 个，请缩短。",
                f"The question has {len(text)} characters; the limit is {limit}. Shorten it.",
                param=param,
            )
