"""What was considered → the answer that leaves, each quote held against the stored text."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from rag.answer.cite import write
from rag.answer.consider import Considered
from rag.answer.draft import join
from rag.answer.refuse import refusal, unanswered
from rag.clock import Clock
from rag.errors import IndexCorruptError
from rag.index.store import View
from rag.settings import Settings
from rag.text.wording import CHAT, DISAGREE, script_of
from rag.types import Answer, Citation, Fallback, ShortAnswer, Usage


@dataclass(frozen=True, slots=True)
class Reply:
    """What every answer to a question (``asked``, as typed) says of itself."""

    view: View
    settings: Settings
    asked: str
    clock: Clock
    explain: bool

    def declined(self, chat: str) -> Answer:
        """The answer to what is no question about the material: one sentence that says what can be asked."""
        for stage in ("rewrite", "retrieve", "rerank", "answer"):
            self.clock.lap(stage)
        return Answer(
            text=CHAT[chat][script_of(self.asked)],
            refused=True,
            timings=self.clock.laps(),
            **self._facts(),
            mode="extractive",
            standalone_question=self.asked,
            confidence=0.0,
            trace=() if self.explain else None,
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "id": f"ans_{uuid.uuid4().hex[:20]}",
            "created": int(time.time()),
            "collection": self.settings.collection,
            "generation": self.view.generation,
            "version": package_version(),
            "config": _digest(self.settings),
            "question": self.asked,
        }

    def parted(self, considered: Sequence[Considered]) -> tuple[list[Considered], list[Considered]]:
        """The parts of a question that are answered surely enough, and those that are not."""
        said = [c for c in considered if c.draft is not None and c.sure >= self.settings.refuse_below]
        return said, [c for c in considered if c not in said]

    def facts(self, considered: Sequence[Considered], *, mode: Literal["extractive", "llm"]) -> dict[str, Any]:
        """What an answer made of the parts of a question says of itself, however it is worded."""
        said, left = self.parted(considered)
        sure = [c.sure for c in said or considered]
        below = self.settings.refuse_below
        return {
            **self._facts(),
            "mode": mode,
            "standalone_question": " ".join(c.query.text for c in considered),
            "confidence": round(sum(sure) / len(sure), 4),
            "missing": tuple(dict.fromkeys(term for c in left for term in c.missing)),
            "understood": tuple(c.understood(below) for c in considered) if self.explain else None,
            "trace": tuple(row for c in considered for row in c.trace(below)) if self.explain else None,
        }

    def left_open(self, left: Sequence[Considered]) -> str:
        """What is added to an answer that leaves parts of the question open; "" where it leaves none."""
        missing = tuple(dict.fromkeys(term for c in left for term in c.missing))
        return unanswered([c.query for c in left], missing, self.asked) if left else ""

    def answer(
        self, considered: Sequence[Considered], *, fallback: Fallback | None = None, usage: Usage | None = None
    ) -> Answer:
        """What the material's own statements say of the parts of a question; a refusal where none of them is sure enough.

        Args:
            fallback: why no language model wrote it, where one was to. usage: what one took all the same.
        """
        said, left = self.parted(considered)
        facts = self.facts(considered, mode="extractive")
        if not said:
            first = considered[0]
            self.clock.lap("answer")
            return Answer(
                text=refusal(first.query, facts["missing"], self.asked),
                refused=True,
                related=first.related(),
                timings=self.clock.laps(),
                fallback=fallback,
                usage=usage,
                **facts,
            )
        draft = join([c.draft for c in said if c.draft is not None])
        text, statements, items, short, citations = write(draft)
        hold(self.view, citations, short)
        if draft.disagreeing:
            text = DISAGREE[script_of(self.asked)] + text
        self.clock.lap("answer")
        return Answer(
            text=text + self.left_open(left),
            refused=False,
            disagreeing=draft.disagreeing,
            statements=statements,
            items=items,
            short_answer=short,
            citations=citations,
            timings=self.clock.laps(),
            fallback=fallback,
            usage=usage,
            **facts,
        )


def hold(view: View, citations: Sequence[Citation], short: ShortAnswer | None = None) -> None:
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


@lru_cache(maxsize=1)  # the installed files are searched for it
def package_version() -> str:
    """The installed version of this distribution."""
    try:
        return version("suanlian")
    except PackageNotFoundError:
        return "0+checkout"


def _digest(settings: Settings) -> str:
    return "sha256:" + hashlib.sha256(settings.model_dump_json().encode()).hexdigest()[:16]
