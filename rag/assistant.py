"""Assistant: opens an index and answers. The one place where the stages meet."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from rag.answer.cite import write
from rag.answer.consider import Considered, consider
from rag.answer.derive import derive, weakest
from rag.answer.draft import join
from rag.answer.graph import Chain, read_chain
from rag.answer.refuse import refusal, unanswered
from rag.clock import Clock
from rag.errors import IndexCorruptError, IndexMissingError, InputError, NotFoundError
from rag.index.build import check
from rag.index.embed import Encoder
from rag.index.store import Filter, Store, View
from rag.jobs.ingest import encoder_of, ingest, store_of
from rag.retrieve.chat import chat_kind
from rag.retrieve.followup import readings
from rag.retrieve.hybrid import search
from rag.retrieve.parts import parts
from rag.retrieve.query import Query, check_question, read
from rag.retrieve.result import SearchResult, result
from rag.retrieve.sets import set_question
from rag.retrieve.spell import Speller, corrected
from rag.settings import Settings, load_settings
from rag.text.glossary import pairs, read_glossary
from rag.text.normalize import simplified
from rag.text.wording import CHAT, script_of
from rag.text.words import Lexicon
from rag.types import Answer, Citation, Document, Graph, Hit, ShortAnswer

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

Mode = Literal["auto", "extractive", "llm"]
Question = str | Sequence[Mapping[str, str]]
_WIDE = 40  # passages that evidence is picked from where an answer is gathered from all over the material
_SURER = 0.15  # by which another reading of a follow-up must be surer than the likeliest


class LanguageModelMissingError(InputError):
    """``mode="llm"`` was asked for and no language model is configured."""

    code = "llm_not_configured"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A generation that fits the settings, and what is made once for all questions to it."""

    view: View
    lexicon: Lexicon
    speller: Speller


class Assistant:
    """Answers questions from an index, each answer with the exact words it was read from.

    >>> assistant = Assistant.open()                    # doctest: +SKIP
    >>> assistant.ask("谁生产快速接头").text              # doctest: +SKIP

    Safe for many threads. A generation that another process publishes is seen at the next question.
    """

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self.settings = settings
        self._store = store
        self._encoder = encoder
        self._held: _Opened | None = None
        self._glossary = read_glossary(settings.glossary) if settings.glossary else ()
        self._opening = threading.Lock()
        self._chain: tuple[View, Chain] | None = None
        self._reading = threading.Lock()
        self.warm()

    @classmethod
    def open(
        cls,
        index: Path | str | None = None,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Self:
        """Open the index in a folder. Without one: the settings' index, built from their documents if it is missing.

        Args:
            encoder: the embedding model, if it is open already. progress: told what is being done, a line a stage.

        Raises:
            IndexMissingError, IndexCorruptError: see the message. IndexMismatchError: made with other settings.
            ModelError: the embedding model cannot be loaded.
        """
        settings = settings or load_settings()
        if index is not None:
            settings = settings.model_copy(update={"index": Path(index)})
        store = store_of(settings)
        try:
            store.view()  # a missing index is told before a model is loaded for it
        except IndexMissingError:
            if index is not None:
                raise
            encoder = encoder or encoder_of(settings, progress=progress)
            ingest([settings.documents], settings, encoder=encoder)
        return cls(store, encoder or encoder_of(settings, progress=progress), settings)

    @property
    def generation(self) -> int:
        """The generation that answers now."""
        return self._store.view().generation

    @property
    def collection(self) -> str:
        """The collection's name."""
        return self.settings.collection

    @property
    def fingerprint(self) -> dict[str, str]:
        """What the index was made with."""
        return self._store.view().fingerprint

    def warm(self) -> None:
        """Load what a first question would wait for, and check that the index fits the settings."""
        self._opened()
        self._encoder.encode_queries(["warm"])

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
            QuestionError: an empty, oversized or wordless question. LanguageModelMissingError: ``mode="llm"``.
        """
        if mode == "llm":
            raise LanguageModelMissingError(
                "No language model is configured; ask with mode auto or extractive.",
                "没有配置语言模型；请用 auto 或 extractive 模式提问。",
                param="mode",
            )
        clock = Clock()
        messages = [{"role": "user", "content": question}] if isinstance(question, str) else list(question)
        asked = check_question(_last(messages), self.settings.max_question_chars)
        opened = self._opened()
        view, lexicon = opened.view, opened.lexicon
        chat = chat_kind(asked)
        if chat is not None and not (chat == "no content" and len(messages) > 1):  # 为什么 may follow on something
            return self._declined(chat, asked, view, clock, explain)
        may_mean = readings(messages, lexicon)
        clock.lap("rewrite")
        considered = self._considered(may_mean[0], asked, opened, top_k, filter, explain, clock)
        for reading in may_mean[1:]:
            other = self._considered(reading, asked, opened, top_k, filter, explain, clock)
            if _sure(other) > _sure(considered) + _SURER:
                considered = other
        return self._answer(view, asked, considered, clock, explain)

    def _considered(
        self, alone: str, asked: str, opened: _Opened, top_k: int | None, filter: Filter | None, explain: bool, clock: Clock
    ) -> list[Considered]:
        """A question that stands alone, part by part; one about two lists, from the two."""
        two_lists = set_question(alone)
        considered: list[Considered] = []
        if two_lists is None or two_lists.operation == "count":  # a count that the text states itself comes first
            considered = self._weighed(parts(alone, opened.lexicon), alone, asked, opened, top_k, filter, explain, clock)
        if two_lists is not None and not _counted(considered):
            sides = self._weighed(two_lists.questions, alone, alone, opened, top_k, filter, explain, clock)
            derived = derive(two_lists, sides, alone, opened.lexicon, at_least=self.settings.refuse_below)
            if derived is not None:
                return [derived]
            if not considered:  # a list of one side alone would pass for one of both
                return [replace(weakest(sides), draft=None, sure=0.0)]
        return considered

    def _weighed(
        self,
        questions: Sequence[str],
        alone: str,
        asked: str,
        opened: _Opened,
        top_k: int | None,
        filter: Filter | None,
        explain: bool,
        clock: Clock,
    ) -> list[Considered]:
        """Each question with its evidence and what would be said. Where it was made of a follow-up, what the words as
        typed find is weighed too: a rewriting may be wrong."""
        view, lexicon = opened.view, opened.lexicon
        queries = [self._read(part, opened) for part in questions]
        typed = self._read(asked, opened) if len(queries) == 1 and alone != asked else None
        vectors = self._encoder.encode_queries(
            [simplified(query.text) for query in (*queries, *([typed] if typed else []))]
        )
        clock.lap("rewrite")
        made = []
        for query, vector in zip(queries, vectors, strict=False):
            width = top_k or self._width(query)
            # Both searches' candidates, where what became of each is to be told.
            found = self._search(
                view, query, vector, max(width, 2 * self.settings.candidates) if explain else width, filter
            )
            hits, beyond = found[:width], found[width:]
            if typed is not None:
                held = {hit.number for hit in hits}
                more = self._search(view, typed, vectors[-1], top_k or self.settings.top_k, filter)
                hits = [*hits, *(hit for hit in more if hit.number not in held)]
            clock.lap("retrieve")
            made.append(consider(query, vector, hits, lexicon, beyond=beyond))
            clock.lap("rerank")
        return made

    def _declined(self, chat: str, asked: str, view: View, clock: Clock, explain: bool) -> Answer:
        """The answer to what is no question about the material: one sentence that says what can be asked."""
        for stage in ("rewrite", "retrieve", "rerank", "answer"):
            clock.lap(stage)
        return Answer(
            text=CHAT[chat][script_of(asked)],
            refused=True,
            timings=clock.laps(),
            **self._facts(view, asked),
            standalone_question=asked,
            confidence=0.0,
            trace=() if explain else None,
        )

    def _facts(self, view: View, asked: str) -> dict[str, Any]:
        return {
            "id": f"ans_{uuid.uuid4().hex[:20]}",
            "created": int(time.time()),
            "mode": "extractive",
            "collection": self.settings.collection,
            "generation": view.generation,
            "version": package_version(),
            "config": _digest(self.settings),
            "question": asked,
        }

    def _answer(self, view: View, asked: str, considered: Sequence[Considered], clock: Clock, explain: bool) -> Answer:
        said = [c for c in considered if c.draft is not None and c.sure >= self.settings.refuse_below]
        left = [c for c in considered if c not in said]
        missing = tuple(dict.fromkeys(term for c in left for term in c.missing))
        sure = [c.sure for c in said or considered]
        facts: dict[str, Any] = {
            **self._facts(view, asked),
            "standalone_question": " ".join(c.query.text for c in considered),
            "confidence": round(sum(sure) / len(sure), 4),
            "missing": missing,
            "understood": tuple(c.understood(self.settings.refuse_below) for c in considered) if explain else None,
            "trace": tuple(row for c in considered for row in c.trace(self.settings.refuse_below)) if explain else None,
        }
        if not said:
            first = considered[0]
            clock.lap("answer")
            return Answer(
                text=refusal(first.query, missing, asked),
                refused=True,
                related=first.related(),
                timings=clock.laps(),
                **facts,
            )
        text, statements, items, short, citations = write(join([c.draft for c in said if c.draft is not None]))
        _hold(view, citations, short)
        if left:
            text += unanswered([c.query for c in left], missing, asked)
        clock.lap("answer")
        return Answer(
            text=text,
            refused=False,
            statements=statements,
            items=items,
            short_answer=short,
            citations=citations,
            timings=clock.laps(),
            **facts,
        )

    def _read(self, part: str, opened: _Opened) -> Query:
        """A question read; its typing errors mended where what was meant is clear."""
        view, lexicon = opened.view, opened.lexicon
        meant = corrected(part, opened.speller, lexicon, view.frequency)
        return read(meant, lexicon, view.idf, view.frequency, opened.speller.spoken)

    def _width(self, query: Query) -> int:
        """How many passages evidence is picked from: more where an answer is gathered from all over the material."""
        return max(self.settings.top_k, _WIDE) if query.kind in ("profile", "list", "compare") else self.settings.top_k

    def search(
        self, query: str, *, top_k: int = 10, filter: Filter | None = None, explain: bool = False
    ) -> list[SearchResult]:
        """The passages nearest to a query, best first. Raises QuestionError as :meth:`ask` does."""
        text = check_question(query, self.settings.max_question_chars)
        opened = self._opened()
        view = opened.view
        read_as = read(text, opened.lexicon, view.idf, view.frequency, opened.speller.spoken)
        vector = self._encoder.encode_queries([simplified(text)])[0]
        return [result(hit, read_as, explain=explain) for hit in self._search(view, read_as, vector, top_k, filter)]

    def as_retriever(self, *, top_k: int = 8, filter: Filter | None = None) -> BaseRetriever:
        """The search as a LangChain retriever; what is found carries its place in its metadata."""
        from rag.retriever import PassageRetriever  # half a second of imports that answering does not need

        return PassageRetriever(assistant=self, top_k=top_k, filter=filter)

    def documents(self) -> list[Document]:
        """The documents of the collection, ordered by key."""
        return self._store.view().documents()

    def document(self, id: str, version: int | None = None) -> Document:
        """A document, in its current or an earlier version. Raises NotFoundError."""
        found = self._store.view().document(id, version)
        if found is None:
            of = f" in version {version}" if version is not None else ""
            raise NotFoundError(
                f"There is no document {id!r}{of}. GET /v1/documents lists those there are.",
                f"没有文档 {id!r}。",
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
        _hold(opened.view, found.citations, None)
        return found

    def _search(self, view: View, query: Query, vector: Any, top_k: int, filter: Filter | None) -> list[Hit]:
        s = self.settings
        return search(
            view, query, vector, top_k=top_k, candidates=s.candidates, dense_weight=s.dense_weight, filter=filter
        )

    def _opened(self) -> _Opened:
        """The current generation; checked against the settings and made ready once, when it is first met."""
        with self._opening:
            view, held = self._store.view(), self._held
            if held is None or held.view is not view:
                s = self.settings
                check(view.fingerprint, self._encoder, s.passage_chars, view.learned, str(s.index))
                same = held is not None and held.view.learned == view.learned  # what it has cut so far still holds
                lexicon = held.lexicon if held and same else self._lexicon(view)
                self._held = held = _Opened(view, lexicon, Speller(view.words()))
            return held

    def _lexicon(self, view: View) -> Lexicon:
        """What the index has learned, and the names of the glossary. Its terms stay as they are: a name that it cut
        otherwise is found by the words and the pairs of characters in it."""
        names = (name for group in self._glossary for name in group if len(name) > 1)
        return Lexicon((*view.learned.terms, *names), (*view.learned.aliases, *pairs(self._glossary)))


def _counted(considered: Sequence[Considered]) -> bool:
    """Whether a text states the count that was asked for: a number of 家 in a clause that speaks of it all."""
    return any(
        c.draft is not None and c.draft.short is not None and not c.draft.quotes[c.draft.short[2]].evidence.missing
        for c in considered
    )


def _hold(view: View, citations: Sequence[Citation], short: ShortAnswer | None) -> None:
    """Raises IndexCorruptError unless each quote is what the stored text of its document's version says there."""
    places = [(c.document, c.start, c.end, c.quote) for c in citations]
    if short is not None:
        of = next(c.document for c in citations if c.id == short.citation)
        places.append((of, short.start, short.end, short.text))
    for document, start, end, quote in places:
        if view.text(document.id, document.version, start, end) != quote:
            raise IndexCorruptError(
                f"The index is damaged: a quote differs from the text of {document.id}, version {document.version}, "
                f"at {start}–{end}. Run `suanlian doctor --repair` to make it anew.",
                f"索引已损坏：引文与 {document.id} 第 {document.version} 版 {start}–{end} 处的原文不符。"
                "请运行 `suanlian doctor --repair` 重建。",
            )


def package_version() -> str:
    """The installed version of this distribution."""
    try:
        return version("suanlian")
    except PackageNotFoundError:
        return "0+checkout"


def _sure(considered: Sequence[Considered]) -> float:
    """How sure the parts of a question are answered, as a whole."""
    return sum(c.sure for c in considered) / len(considered)


def _last(messages: Sequence[Mapping[str, str]]) -> str:
    return next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")


def _digest(settings: Settings) -> str:
    return "sha256:" + hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]
