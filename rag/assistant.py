"""Assistant: opens an index and answers. The one place where the stages meet."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag.answer.graph import Chain
from rag.answer.graph_reader import read_chain
from rag.asking import Asking
from rag.clock import Clock
from rag.composition import Composition, Witness, composed
from rag.errors import IndexMissingError, LanguageModelMissingError, NotFoundError
from rag.events import Event, events_of, tell
from rag.index.build import check
from rag.index.embed import Encoder
from rag.index.store import Filter, Store, View, missing_collection
from rag.jobs.collections import has_collection
from rag.jobs.ingest import encoder_of, ingest, store_of
from rag.llm.build import language_model as model_of
from rag.llm.model import LanguageModel
from rag.llm.rewrite import rewriting
from rag.opened import Opened
from rag.reply import Reply, hold
from rag.retrieve.chat import chat_kind
from rag.retrieve.followup import readings
from rag.retrieve.query import check_question
from rag.retrieve.result import SearchResult, result
from rag.retrieve.spell import Speller
from rag.settings import Settings, load_settings
from rag.text import bilingual
from rag.text.glossary import pairs, read_glossary
from rag.text.normalize import simplified
from rag.text.words import Lexicon
from rag.threads import in_thread, iterate
from rag.types import Answer, Document, Graph, Mode

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

Question = str | Sequence[Mapping[str, str]]


class Assistant:
    """Answers questions from an index, each answer with the exact words it was read from.

    >>> assistant = Assistant.open()                    # doctest: +SKIP
    >>> assistant.ask("谁生产快速接头").text              # doctest: +SKIP

    Safe for many threads. A generation that another process publishes is seen at the next question.
    """

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        settings: Settings,
        *,
        ready: bool = True,
        model: LanguageModel | None = None,
        witness: Witness | None = None,
    ) -> None:
        self.settings = settings
        self._model = model
        self._witness = witness
        self._store = store
        self._encoder = encoder
        self._held: Opened | None = None
        self._glossary = read_glossary(settings.glossary) if settings.glossary else ()
        self._opening = threading.Lock()
        self._chain: tuple[View, Chain] | None = None
        self._reading = threading.Lock()
        if ready:
            self._ready()

    @classmethod
    def open(
        cls,
        index: Path | str | None = None,
        *,
        collection: str | None = None,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        language_model: LanguageModel | None = None,
        witness: Witness | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the index in a folder. Without one: the settings' index, built from their documents if it is missing.

        Args:
            collection: the one to answer from, which must be there; without it, the settings' own.
            encoder: the embedding model, if it is open already. progress: told what is being done, a line a stage.
            language_model: what writes the answers; without it, the one that the settings name, if any.
            witness: told of each statement that a language model wrote and what became of it, on the asking thread.

        Raises:
            IndexMissingError, IndexCorruptError: see the message. IndexMismatchError: made with other settings.
            CollectionNotFoundError: there is no such collection. ModelError: the embedding model cannot be loaded.
        """
        settings = settings or load_settings()
        if index is not None:
            settings = settings.model_copy(update={"index": Path(index)})
        if collection is not None:
            if not has_collection(settings, collection):
                raise missing_collection(collection)
            settings = settings.model_copy(update={"collection": collection})
        model = language_model or model_of(settings)
        store = store_of(settings)
        try:
            store.view()  # a missing index is told before a model is loaded for it
        except IndexMissingError:
            if index is not None or collection is not None:
                raise
            encoder = encoder or encoder_of(settings, progress=progress)
            ingest([settings.documents], settings, encoder=encoder)
        encoder = encoder or encoder_of(settings, progress=progress)
        return cls(store, encoder, settings, model=model, witness=witness)

    def beside(self, collection: str) -> Self:
        """The assistant of another collection of this index: the same model, the same settings otherwise. Its files are
        opened when it is first asked, and let go by its own :meth:`close`.

        Raises:
            CollectionNotFoundError: there is no such collection.
        """
        if not has_collection(self.settings, collection):
            raise missing_collection(collection)
        settings = self.settings.model_copy(update={"collection": collection})
        return type(self)(
            store_of(settings), self._encoder, settings, ready=False, model=self._model, witness=self._witness
        )

    @property
    def encoder(self) -> Encoder:
        """The embedding model, for what adds to the index while it answers."""
        return self._encoder

    @property
    def language_model(self) -> str | None:
        """The name of what writes the answers; None where there is nothing that does."""
        return self._model.name if self._model is not None else None

    @property
    def generation(self) -> int:
        """The generation that answers now."""
        return self._store.view().generation

    @property
    def passages(self) -> int:
        """How many passages the generation that answers now holds."""
        return self._store.view().count

    @property
    def collection(self) -> str:
        """The collection's name."""
        return self.settings.collection

    @property
    def fingerprint(self) -> dict[str, str]:
        """What the index was made with."""
        return self._store.view().fingerprint

    def warm(self) -> None:
        """Load all that a later question would wait for: what mends typing errors, and the English dictionary.

        An assistant just opened answers a well-typed Chinese question at once. A service that lives on calls this, about
        a second and 30 MB, so that the first question in English is no slower than the next.
        """
        self._ready().speller.warm()
        bilingual.load()

    def _ready(self) -> Opened:
        """Load what any question waits for, and check that the index fits the settings."""
        opened = self._opened()
        self._encoder.encode_queries(["warm"])
        return opened

    def close(self) -> None:
        """Let the index's files go, once the questions in flight are answered. Asked again, it opens them again."""
        with self._opening:
            self._held = None
        with self._reading:
            self._chain = None
        self._store.close()

    def ask(
        self,
        question: Question,
        *,
        mode: Mode = "auto",
        top_k: int | None = None,
        filter: Filter | None = None,
        explain: bool = False,
    ) -> Answer:
        """Answer a question, or the last of a conversation's messages (``{"role", "content"}``, newest last).

        Args:
            top_k: passages that evidence is picked from. filter: only these documents may answer.
            explain: tell how the question was read in ``understood``, and what became of each candidate passage in
                ``trace``.

        Raises:
            QuestionError: an empty, oversized or wordless question. LanguageModelMissingError: ``mode="llm"`` and none is
                configured. LanguageModelError: ``mode="llm"``, and it failed or was late before its first statement.
        """
        made = self._make(question, mode, top_k, filter, explain)
        if isinstance(made, Answer):
            return made
        with contextlib.closing(made):
            return made.whole()

    def _make(
        self, question: Question, mode: Mode, top_k: int | None, filter: Filter | None, explain: bool
    ) -> Answer | Composition:
        """The answer, or one whose first statement a language model has written."""
        self.check_mode(mode)
        clock = Clock()
        messages = [{"role": "user", "content": question}] if isinstance(question, str) else list(question)
        asked = check_question(_last(messages), self.settings.max_question_chars)
        opened = self._opened()
        said = Reply(opened.view, self.settings, asked, clock, explain)
        chat = chat_kind(asked)
        if chat is not None and not (chat == "no content" and len(messages) > 1):  # 为什么 may follow on something
            return said.declined(chat)
        asking = Asking(opened, self._encoder, self.settings, asked, clock, top_k, filter, explain)
        meant = readings(messages, opened.lexicon)
        model = self._model if mode != "extractive" else None
        more = rewriting(messages, meant, model, opened.lexicon, self.settings)
        considered = asking.considered(meant, more)
        if model is None:
            return said.answer(considered)
        return composed(said, considered, opened, model, mode, self._witness, more.usage if more else None)

    def check_mode(self, mode: Mode) -> None:
        """Whether there is what ``mode`` needs. Raises LanguageModelMissingError."""
        if mode == "llm" and self._model is None:
            raise LanguageModelMissingError(
                "No language model is configured; set RAG_LLM_MODEL, or ask with mode auto or extractive.",
                "没有配置语言模型；请设置 RAG_LLM_MODEL，或用 auto 或 extractive 模式提问。",
                param="mode",
            )

    def stream(
        self,
        question: Question,
        *,
        mode: Mode = "auto",
        top_k: int | None = None,
        filter: Filter | None = None,
        explain: bool = False,
    ) -> Iterator[Event]:
        """Answer as :meth:`ask` does, statement by statement: ``meta``, then ``citations`` before the first ``delta`` that uses
        them, and ``done`` with the whole answer. The deltas, joined, are the answer's text.

        Raises what :meth:`ask` raises, when the first event is asked for.
        """
        made = self._make(question, mode, top_k, filter, explain)
        if isinstance(made, Answer):
            yield from events_of(made)
            return
        with contextlib.closing(made):
            yield from tell(made.heading, made.pieces(), made.answer)

    async def aask(
        self,
        question: Question,
        *,
        mode: Mode = "auto",
        top_k: int | None = None,
        filter: Filter | None = None,
        explain: bool = False,
    ) -> Answer:
        """:meth:`ask`, off the event loop. Cancelled, it lets a language model go that it waits for."""
        return await in_thread(lambda: self.ask(question, mode=mode, top_k=top_k, filter=filter, explain=explain))

    async def astream(
        self,
        question: Question,
        *,
        mode: Mode = "auto",
        top_k: int | None = None,
        filter: Filter | None = None,
        explain: bool = False,
    ) -> AsyncGenerator[Event, None]:
        """:meth:`stream`, off the event loop. Cancelled or closed, it begins nothing more."""
        events = iterate(lambda: self.stream(question, mode=mode, top_k=top_k, filter=filter, explain=explain))
        async with contextlib.aclosing(events):
            async for event in events:
                yield event

    async def asearch(
        self, query: str, *, top_k: int = 10, filter: Filter | None = None, explain: bool = False
    ) -> list[SearchResult]:
        """:meth:`search`, off the event loop."""
        return await asyncio.to_thread(self.search, query, top_k=top_k, filter=filter, explain=explain)

    def search(
        self, query: str, *, top_k: int = 10, filter: Filter | None = None, explain: bool = False
    ) -> list[SearchResult]:
        """The passages nearest to a query, best first. Raises QuestionError as :meth:`ask` does."""
        text = check_question(query, self.settings.max_question_chars)
        opened = self._opened()
        read_as = opened.read(text)
        vector = self._encoder.encode_queries([simplified(text)])[0]
        return [
            result(h, read_as, explain=explain) for h in opened.search(read_as, vector, self.settings, top_k, filter)
        ]

    def as_retriever(self, *, top_k: int = 8, filter: Filter | None = None) -> BaseRetriever:
        """The search as a LangChain retriever; what is found carries its place in its metadata."""
        from rag.retriever import PassageRetriever  # half a second of imports that answering does not need

        return PassageRetriever(assistant=self, top_k=top_k, filter=filter)

    def as_runnable(
        self, *, mode: Mode = "auto", top_k: int | None = None, filter: Filter | None = None
    ) -> Runnable[Any, AIMessage]:
        """The assistant in a LangChain chain, in the place of a chat model: a question or messages in, an ``AIMessage`` out,
        with the citations in its ``additional_kwargs``."""
        from rag.runnable import AnswerRunnable

        return AnswerRunnable(self, mode=mode, top_k=top_k, filter=filter)

    def documents(self) -> list[Document]:
        """The documents of the collection, ordered by key."""
        return self._store.view().documents()

    def document(self, id: str, version: int | None = None) -> Document:
        """A document, in its current or an earlier version. Raises NotFoundError."""
        found = self._store.view().document(id, version)
        if found is None:
            of = f" in version {version}" if version is not None else ""
            which = f"的第 {version} 版" if version is not None else ""
            raise NotFoundError(
                f"There is no document {id!r}{of}; use an id that a citation or the list of documents gives.",
                f"没有文档 {id!r}{which}；请使用引用或文档列表里的 id。",
                param="id",
            )
        return found

    def graph(self, node: str | None = None, *, limit: int = 1000) -> Graph:
        """Who does what in the chain, as the material says: all of it, or what is around one node.

        Args:
            node: a node's id, name or alias. limit: edges at the most; the counts tell what there is.

        Raises:
            NotFoundError: there is no such node; names that come near are told.
        """
        opened = self._opened()
        with self._reading:  # read once a generation, when it is first asked for
            if self._chain is None or self._chain[0] is not opened.view:
                self._chain = opened.view, read_chain(opened.view, opened.lexicon)
            chain = self._chain[1]
        found = chain.graph(opened.view, self.settings.collection, node, limit)
        hold(opened.view, found.citations)
        return found

    def _opened(self) -> Opened:
        """The current generation; checked against the settings and made ready once, when it is first met."""
        with self._opening:
            view, held = self._store.view(), self._held
            if held is None or held.view is not view:
                s = self.settings
                check(view.fingerprint, self._encoder, s.passage_chars, view.learned, str(s.index))
                same = held is not None and held.view.learned == view.learned  # what it has cut so far still holds
                lexicon = held.lexicon if held and same else self._lexicon(view)
                self._held = held = Opened(view, lexicon, Speller(view.words()))
            return held

    def _lexicon(self, view: View) -> Lexicon:
        """What the index has learned, and the names of the glossary. Its terms stay as they are: a name that it cut
        otherwise is found by the words and the pairs of characters in it."""
        names = (name for group in self._glossary for name in group if len(name) > 1)
        return Lexicon((*view.learned.terms, *names), (*view.learned.aliases, *pairs(self._glossary)))


def _last(messages: Sequence[Mapping[str, str]]) -> str:
    return next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")
