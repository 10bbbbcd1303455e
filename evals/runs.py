"""A run as it is kept: everything that was asked, answered, found and scored, in one JSON object.

    {
      "format": 1,
      "set": "dev",
      "mode": "llm",                                                                   as asked; "" where not known
      "about": {"version", "config", "collection", "generation", "mode", "created"},    of its first answer; or {}
      "summary": {"questions": 272, "fully_right": 0.8048, …},                         evals.score.summary
      "ci": {"fully_right": [0.7476, 0.8571], …, "aurc": […], …},                       95 %, evals.intervals
      "calibration": {"event", "all": {…}, "answered": {…}, "auroc_answerable"},        evals.calibration
      "writing": {"written": 201, "fallback": 12, "repairs": {…}, "tokens": {…}, …},   evals.writing; null without a model
      "by_kind": {"list": {as summary}, …}, "by_segment": {…},
      "questions": [
        {
          "id": "dev-001",
          "question": {"id", "question", "history", "kind", "segment", "split", "answerable",
                       "points": [{"any_of", "evidence"}], "items"},                   the line of the question set
          "answer": {…},                                                               the reply of POST /v1/chat, whole:
                                                                                       answer, refused, confidence, missing,
                                                                                       statements, items, short_answer,
                                                                                       citations, related (of refusals),
                                                                                       timings, trace (where recorded)
          "retrieved": [{"document", "title", "section", "start", "end", "text", "score", "gold"}],    best first
          "relevant": 2,                           gold passages that the material holds; 0: cannot be judged
          "scores": {"fully_right": 1.0, …, "brevity", "quote_brevity", "hit@1", …, "right_and_cited"},    null: no score
          "verbatim": true,
          "ms": 12.3
        }, …
      ]
    }

Only ``set``, ``mode`` and ``questions`` are read back; what is computed from them is computed again. A file holds one run, or a
list of them, as ``suanlian eval --json`` prints.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from evals.calibration import calibration
from evals.intervals import intervals
from evals.replies import answer_of
from evals.retrieval import Ranking, Retrieved
from evals.score import Scored, by, summary
from evals.sets import Question
from evals.unanswered import is_unanswered
from evals.writing import writing
from rag import FileError

FORMAT = 1
_QUESTION = TypeAdapter(Question)
_RETRIEVED = TypeAdapter(tuple[Retrieved, ...])
_SCORES = TypeAdapter(dict[str, float | None])


@dataclass(frozen=True, slots=True)
class Run:
    """A set's name, each of its questions with its answer and scores, and the mode that it was asked in ("": not known)."""

    name: str
    scored: tuple[Scored, ...]
    mode: str = ""

    @property
    def label(self) -> str:
        """Its name, and the mode where it is known."""
        return f"{self.name} ({self.mode})" if self.mode else self.name

    def about(self) -> dict[str, Any]:
        """What answered: version, settings, collection, generation, mode, and when it began (Unix seconds)."""
        if not self.scored:
            return {}
        answers = [each.answer for each in self.scored]
        first = next((answer for answer in answers if not is_unanswered(answer)), answers[0])
        return {
            name: getattr(first, name) for name in ("version", "config", "collection", "generation", "mode", "created")
        }

    def as_dict(self) -> dict[str, Any]:
        """The run for JSON, in the form that the module's docstring shows."""
        return {
            "format": FORMAT,
            "set": self.name,
            "mode": self.mode,
            "about": self.about(),
            "summary": summary(self.scored),
            "ci": {name: list(interval) for name, interval in intervals(self.scored).items()},
            "calibration": calibration(self.scored),
            "writing": writing(self.scored),
            "by_kind": by(self.scored, "kind"),
            "by_segment": by(self.scored, "segment"),
            "questions": [_row(each) for each in self.scored],
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Run:
        """A run from its JSON. Raises ValueError, KeyError or TypeError where it is not of that form."""
        if kept.get("format") != FORMAT:
            raise ValueError(f"format is {kept.get('format')!r}, {FORMAT} is read")
        return cls(str(kept["set"]), tuple(_scored(row) for row in kept["questions"]), str(kept.get("mode", "")))


def read_runs(path: Path) -> list[Run]:
    """The runs of a file that ``suanlian eval --json`` wrote.

    Raises:
        FileError: it cannot be read, or holds something else; the message names what is wrong.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return [Run.from_dict(each) for each in (kept if isinstance(kept, list) else [kept])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())[:200]
        raise FileError(
            f"{path.name} is not a saved run ({reason}). Make one with `suanlian eval dev --json > {path.name}`.",
            f"{path.name} 不是保存下来的评测结果（{reason}）。请用 `suanlian eval dev --json > {path.name}` 生成。",
        ) from error


def write_runs(path: Path, runs: Sequence[Run]) -> None:
    """Keep runs in a file, for :func:`read_runs`."""
    text = json.dumps([run.as_dict() for run in runs], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _row(each: Scored) -> dict[str, Any]:
    return {
        "id": each.question.id,
        "question": asdict(each.question),
        "answer": each.answer.as_dict(),
        "retrieved": [asdict(passage) for passage in each.ranking.retrieved],
        "relevant": each.ranking.relevant,
        "scores": dict(each.scores),
        "verbatim": each.verbatim,
        "ms": round(each.milliseconds, 1),
    }


def _scored(row: Mapping[str, Any]) -> Scored:
    ranking = Ranking(_RETRIEVED.validate_python(row["retrieved"]), int(row["relevant"]))
    return Scored(
        _QUESTION.validate_python(row["question"]),
        answer_of(row["answer"]),
        _SCORES.validate_python(row["scores"]),
        float(row["ms"]),
        bool(row["verbatim"]),
        ranking,
    )
