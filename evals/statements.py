"""Every statement that a language model wrote in a run, and what became of it: to be read by hand.

One JSON object a line: ``id`` (the question's and a number), ``question_id``, ``question``, ``text`` (as written), ``named``
(the sentences that it named), ``outcome`` (kept, moved, replaced, dropped), ``reason``, ``said`` (what left; ""), ``quotes``
(what that cites), and the headings above each of these, ``named_sections`` and ``quote_sections``.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter

from evals.metrics import kept_share
from evals.question import Question
from rag import Answer, FileError

Headings = tuple[str, ...]  # headings, outermost first


class Told(Protocol):
    """What an assistant tells its witness of each statement (``rag.Written``)."""

    @property
    def text(self) -> str: ...
    @property
    def named(self) -> Sequence[str]: ...
    @property
    def outcome(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def said(self) -> str: ...
    @property
    def quotes(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class WrittenStatement:
    """A statement as the module's docstring says; a sentence whose headings are not known has ()."""

    id: str
    question_id: str
    question: str
    text: str
    named: tuple[str, ...]
    outcome: str
    reason: str
    said: str
    quotes: tuple[str, ...]
    named_sections: tuple[Headings, ...] = ()
    quote_sections: tuple[Headings, ...] = ()


_STATEMENT = TypeAdapter(WrittenStatement)


class StatementLog:
    """Gathers what a witness is told, question by question, and writes it as it comes.

    Give :meth:`witness` to the assistant and :meth:`answered` to :func:`evals.score.run`.

    Args:
        path: where they are written (UTF-8, a line each), in place of what it held, from the first answer on. None: nowhere.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.statements: list[WrittenStatement] = []
        self._path = path
        self._lock = threading.Lock()
        self._waiting: list[Told] = []
        self._numbers: Counter[str] = Counter()
        self._begun = False

    def witness(self, told: Told) -> None:
        """Takes one statement of the question that is being asked."""
        with self._lock:
            self._waiting.append(told)

    def answered(self, question: Question, answer: Answer) -> None:
        """That question is answered: what was told belongs to it. Raises OSError."""
        with self._lock:
            told, self._waiting = self._waiting, []
        new = [self._kept(each, question, answer) for each in told]
        self.statements += new
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a" if self._begun else "w", encoding="utf-8") as file:
                self._begun = True
                file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in new)

    def told(self) -> str:
        """How many there are, and what the check decided of them, as a line to read."""
        found = decisions(self.statements)
        counts = " · ".join(f"{outcome} {found[outcome]}" for outcome in kept_share.OUTCOMES)
        share = "" if found["kept_share"] is None else f" · kept share {found['kept_share']:.3f}"
        return f"{found['statements']} 条陈述 statements ({counts}{share}; named no sentence {found['uncited']})"

    def _kept(self, told: Told, question: Question, answer: Answer) -> WrittenStatement:
        self._numbers[question.id] += 1
        sections = {citation.quote: citation.section for citation in answer.citations}
        made = WrittenStatement(
            f"{question.id}.{self._numbers[question.id]}",
            question.id,
            question.question,
            told.text,
            tuple(told.named),
            told.outcome,
            told.reason,
            told.said,
            tuple(told.quotes),
            tuple(map(tuple, getattr(told, "named_sections", ()))),
            tuple(map(tuple, getattr(told, "quote_sections", ()))),
        )
        named = made.named_sections or tuple(sections.get(sentence, ()) for sentence in made.named)
        quoted = made.quote_sections or tuple(sections.get(quote, ()) for quote in made.quotes)
        return replace(made, named_sections=named, quote_sections=quoted)


def read_statements(path: Path) -> list[WrittenStatement]:
    """The statements of a file that ``suanlian eval --statements`` wrote.

    Raises:
        FileError: it cannot be read, or a line is not a statement; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            f"{path} cannot be read ({error}). Make it with `suanlian eval --mode llm --statements {path}`.",
            f"{path} 无法读取（{error}）。请用 `suanlian eval --mode llm --statements {path}` 生成。",
        ) from error
    found, taken = [], set()
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                each = _STATEMENT.validate_json(line)
                if each.id in taken or each.outcome not in kept_share.OUTCOMES:
                    raise ValueError(
                        f"the id {each.id} stands twice" if each.id in taken else f"outcome {each.outcome}"
                    )
            except ValueError as error:
                raise FileError(
                    f"{path}, line {number} is not a statement ({' '.join(str(error).split())[:160]}). Make the file anew with `suanlian eval --statements`.",
                    f"{path} 第 {number} 行不是一条陈述（{' '.join(str(error).split())[:160]}）。请用 `suanlian eval --statements` 重新生成。",
                ) from None
            taken.add(each.id)
            found.append(each)
    return found


def decisions(statements: Iterable[WrittenStatement]) -> dict[str, Any]:
    """What the check decided, and why: counts, and the kept share. It says nothing of whether that was right."""
    known = list(statements)
    outcomes = Counter(each.outcome for each in known)
    share = kept_share.score(each.outcome for each in known)
    return {
        "statements": len(known),
        **{outcome: outcomes[outcome] for outcome in kept_share.OUTCOMES},
        "kept_share": None if share is None else round(share, 4),
        "uncited": sum(not each.named for each in known),
        "reasons": dict(Counter(each.reason for each in known if each.reason).most_common()),
    }
