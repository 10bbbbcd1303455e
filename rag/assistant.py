"""Assistant: opens an index and answers. The one place where the stages meet."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, Self

from rag.answer.cite import write
from rag.answer.evidence import Evidence, gather
from rag.answer.extract import extract
from rag.answer.refuse import confidence, missing_terms, refusal
from rag.errors import IndexMissingError, InputError, NotFoundError
from rag.index.build import check
from rag.index.embed import Encoder
from rag.index.store import Filter, Store, View
from rag.jobs.ingest import encoder_of, ingest, store_of
from rag.retrieve.followup import standalone
from rag.retrieve.hybrid import search
from rag.retrieve.query import Query, check_question, read
from rag.retrieve.spell import Speller, corrected
from rag.settings import Settings, load_settings
from rag.text.normalize import fold, folded
from rag.text.words import Learned, Lexicon
from rag.types import Answer, Document, DocumentRef, Hit, Related

Mode = Literal["auto", "extractive", "llm"]
Question = str | Sequence[Mapping[str, str]]
_WIDE = 40  # passages that evidence is picked from where an answer is gathered from all over the material


class LanguageModelMissingError(InputError):
    """``mode="llm"`` was asked for and no language model is configured."""

    code = "llm_not_configured"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A passage that a search found. ``start``/``end`` count in the stored text, ``highlights`` in ``text``."""

    document: DocumentRef
    section: tuple[str, ...]
    text: str
    start: int
    end: int
    score: float
    highlights: tuple[tuple[int, int], ...]
    trace: dict[str, Any] | None = None


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
        self._lexicons: dict[Learned, Lexicon] = {}
        self._spellers: dict[int, Speller] = {}
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
        view = self._store.view()
        self._lexicon(view)
        self._encoder.encode_queries(["warm"])

    def close(self) -> None:
        """Nothing to release yet; kept for callers that scope an assistant."""

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
            explain: record each passage's scores and each clause's in ``trace``.

        Raises:
            QuestionError: an empty, oversized or wordless question. LanguageModelMissingError: ``mode="llm"``.
        """
        if mode == "llm":
            raise LanguageModelMissingError(
                "No language model is configured; ask with mode auto or extractive.",
                "没有配置语言模型；请用 auto 或 extractive 模式提问。",
                param="mode",
            )
        clock = _Clock()
        messages = [{"role": "user", "content": question}] if isinstance(question, str) else list(question)
        asked = check_question(_last(messages), self.settings.max_question_chars)
        view = self._store.view()
        lexicon = self._lexicon(view)
        alone = standalone(messages, lexicon)
        query = read(alone, lexicon, view.idf, view.frequency)
        meant = corrected(query.text, query.unknown, self._speller(view), lexicon)
        if meant != query.text:
            alone = meant
            query = read(alone, lexicon, view.idf, view.frequency)
        clock.lap("rewrite")
        vector = self._encoder.encode_queries([alone])[0]
        wanted = top_k or self.settings.top_k
        if query.kind in ("profile", "list", "compare"):
            wanted = max(wanted, _WIDE)
        hits = self._search(view, query, vector, wanted, filter)
        clock.lap("retrieve")
        evidence = gather(query, vector, hits, lexicon)
        clock.lap("rerank")
        return self._answer(view, asked, query, hits, evidence, clock, explain)

    def _answer(
        self,
        view: View,
        asked: str,
        query: Query,
        hits: list[Hit],
        evidence: list[Evidence],
        clock: _Clock,
        explain: bool,
    ) -> Answer:
        draft = extract(query, evidence)
        sure = round(confidence(query, evidence, draft), 4)
        facts: dict[str, Any] = {
            "id": f"ans_{uuid.uuid4().hex[:20]}",
            "created": int(time.time()),
            "mode": "extractive",
            "collection": self.settings.collection,
            "generation": view.generation,
            "version": package_version(),
            "config": _digest(self.settings),
            "question": asked,
            "standalone_question": query.text,
            "confidence": sure,
            "trace": _trace(hits, evidence) if explain else None,
        }
        if draft is None or sure < self.settings.refuse_below:
            missing = missing_terms(query, evidence)
            clock.lap("answer")
            return Answer(
                text=refusal(query, missing),
                refused=True,
                missing=missing,
                related=_related(hits),
                timings=clock.laps(),
                **facts,
            )
        text, statements, items, short, citations = write(draft)
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

    def search(
        self, query: str, *, top_k: int = 10, filter: Filter | None = None, explain: bool = False
    ) -> list[SearchResult]:
        """The passages nearest to a query, best first. Raises QuestionError as :meth:`ask` does."""
        text = check_question(query, self.settings.max_question_chars)
        view = self._store.view()
        lexicon = self._lexicon(view)
        read_as = read(text, lexicon, view.idf, view.frequency)
        vector = self._encoder.encode_queries([text])[0]
        return [_result(hit, read_as, explain) for hit in self._search(view, read_as, vector, top_k, filter)]

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

    def _search(self, view: View, query: Query, vector: Any, top_k: int, filter: Filter | None) -> list[Hit]:
        s = self.settings
        return search(
            view, query, vector, top_k=top_k, candidates=s.candidates, dense_weight=s.dense_weight, filter=filter
        )

    def _speller(self, view: View) -> Speller:
        """Looks up the words of a generation by sound; made once a generation."""
        if view.generation not in self._spellers:
            self._spellers = {view.generation: Speller(view.words())}
        return self._spellers[view.generation]

    def _lexicon(self, view: View) -> Lexicon:
        """The lexicon frozen in a generation; checked against the settings once, when it is first met."""
        if view.learned not in self._lexicons:
            s = self.settings
            check(view.fingerprint, self._encoder, s.passage_chars, view.learned, str(s.index))
            self._lexicons = {view.learned: Lexicon(view.learned.terms, view.learned.aliases)}
        return self._lexicons[view.learned]


def package_version() -> str:
    """The installed version of this distribution."""
    try:
        return version("suanlian")
    except PackageNotFoundError:
        return "0+checkout"


class _Clock:
    """Milliseconds of each stage."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self._laps[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round((self._last - self._start) * 1000, 2)}


def _last(messages: Sequence[Mapping[str, str]]) -> str:
    return next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")


def _digest(settings: Settings) -> str:
    return "sha256:" + hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]


def _related(hits: Sequence[Hit]) -> tuple[Related, ...]:
    return tuple(
        Related(h.document, h.passage.section, h.passage.text, h.passage.start, h.passage.end, round(h.score, 4))
        for h in hits[:3]
    )


def _result(hit: Hit, query: Query, explain: bool) -> SearchResult:
    p = hit.passage
    text = fold(p.text)
    marks = set()
    for term in query.terms:
        for word in (term.text, *term.others):
            at = text.text.find(word)
            while at >= 0:
                marks.add(text.span(at, at + len(word)))
                at = text.text.find(word, at + len(word))
    trace = {"lexical": hit.lexical, "dense": hit.dense, "lexical_rank": hit.lexical_rank, "dense_rank": hit.dense_rank}
    return SearchResult(
        hit.document,
        p.section,
        p.text,
        p.start,
        p.end,
        round(hit.score, 4),
        tuple(sorted(marks)),
        trace if explain else None,
    )


def _trace(hits: Sequence[Hit], evidence: Sequence[Evidence]) -> tuple[dict[str, Any], ...]:
    """For each passage its ranks and scores, and its best clause's."""
    best: dict[int, Evidence] = {}
    for e in evidence:
        best.setdefault(e.hit.number, e)
    rows = []
    for rank, hit in enumerate(hits, 1):
        clause = best.get(hit.number)
        row: dict[str, Any] = {
            "document": hit.document.id,
            "section": hit.passage.section,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "lexical": round(hit.lexical, 4),
            "lexical_rank": hit.lexical_rank,
            "dense": round(hit.dense, 4),
            "dense_rank": hit.dense_rank,
            "fused": round(hit.score, 4),
            "fused_rank": rank,
        }
        if clause is not None:
            e = clause
            row["clause"] = {
                "text": e.text,
                "score": round(e.score, 4),
                "coverage": round(e.coverage, 4),
                "own": round(e.own, 4),
                "cosine": round(e.cosine, 4),
                "kind": e.kind,
                "missing": [t.text for t in e.missing],
            }
        rows.append(row)
    return tuple(rows)


def sections(document: Document) -> list[tuple[tuple[str, ...], int, int]]:
    """The sections of a document: path of headings, and the span of the stored text from its heading to the next."""
    heads = [block for block in document.blocks if block.kind == "heading"]
    found: list[tuple[tuple[str, ...], int, int]] = []
    path: list[tuple[int, str]] = []
    for at, block in enumerate(heads):
        path = [(level, title) for level, title in path if level < block.level]
        path.append(
            (block.level, folded(document.text[block.start : block.end]) and document.text[block.start : block.end])
        )
        end = heads[at + 1].start if at + 1 < len(heads) else len(document.text)
        found.append((tuple(title for _, title in path), block.start, end))
    return found
