"""What was considered → the answer that leaves, each quote held against the stored text."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from rag.answer.cite import write
from rag.answer.consider import Considered
from rag.answer.draft import join
from rag.answer.refuse import refusal, unanswered
from rag.clock import Clock
from rag.errors import IndexCorruptError
from rag.index.store import View
from rag.settings import Settings
from rag.text.wording import CHAT, DISAGREE, script_of
from rag.types import Answer, Citation, ShortAnswer


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
            standalone_question=self.asked,
            confidence=0.0,
            trace=() if self.explain else None,
        )

    def _facts(self) -> dict[str, Any]:
        return {
            "id": f"ans_{uuid.uuid4().hex[:20]}",
            "created": int(time.time()),
            "mode": "extractive",
            "collection": self.settings.collection,
            "generation": self.view.generation,
            "version": package_version(),
            "config": _digest(self.settings),
            "question": self.asked,
        }

    def answer(self, considered: Sequence[Considered]) -> Answer:
        """What is said of the parts of a question; a refusal where none of them is sure enough."""
        said = [c for c in considered if c.draft is not None and c.sure >= self.settings.refuse_below]
        left = [c for c in considered if c not in said]
        missing = tuple(dict.fromkeys(term for c in left for term in c.missing))
        sure = [c.sure for c in said or considered]
        facts: dict[str, Any] = {
            **self._facts(),
            "standalone_question": " ".join(c.query.text for c in considered),
            "confidence": round(sum(sure) / len(sure), 4),
            "missing": missing,
            "understood": tuple(c.understood(self.settings.refuse_below) for c in considered) if self.explain else None,
            "trace": tuple(row for c in considered for row in c.trace(self.settings.refuse_below))
            if self.explain
            else None,
        }
        if not said:
            first = considered[0]
            self.clock.lap("answer")
            return Answer(
                text=refusal(first.query, missing, self.asked),
                refused=True,
                related=first.related(),
                timings=self.clock.laps(),
                **facts,
            )
        draft = join([c.draft for c in said if c.draft is not None])
        text, statements, items, short, citations = write(draft)
        hold(self.view, citations, short)
        if draft.disagreeing:
            text = DISAGREE[script_of(self.asked)] + text
        if left:
            text += unanswered([c.query for c in left], missing, self.asked)
        self.clock.lap("answer")
        return Answer(
            text=text,
            refused=False,
            disagreeing=draft.disagreeing,
            statements=statements,
            items=items,
            short_answer=short,
            citations=citations,
            timings=self.clock.laps(),
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
