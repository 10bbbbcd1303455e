"""What each question of a set scored when it was last put down, and the check that a run has not become worse.

A baseline is JSONL, one question a line: its id, a digest of its wording and gold, and its scores. No times are in it,
so it is the same on every machine, and a change to it shows in a diff question by question.

**The check.** Per gated metric a paired randomisation test, one-sided, at 5 %. Where scores are 0 or 1 that is the
sign test: with no question better, five worse are needed (2⁻⁵ = .031); with one better, seven; with three, ten; with
five, thirteen. On ``dev`` five questions are .024 of fully right and .08 of refusal: less than that is not told from
chance by this check. It is told later, since the baseline stays where it is until it is written again, and small losses
add up against it. Quotes are a promise, not a mean: one that is no longer verbatim fails.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.compare import Difference, difference, scored_by
from evals.score import Scored
from evals.sets import Question
from rag import FileError, InputError

ALPHA = 0.05
GATED = (
    "fully_right",
    "list_precision",
    "citation_recall",
    "citation_precision",
    "refusal",
    "false_refusal",
    "mrr@10",
    "verbatim",
)


class BaselineMismatchError(InputError):
    """The baseline is of other questions than those asked."""

    code = "baseline_mismatch"


@dataclass(frozen=True, slots=True)
class Kept:
    """A question's line: ``digest`` of its wording and gold, and a score for each of ``GATED``; None where it has none."""

    id: str
    digest: str
    scores: dict[str, float | None]


def keep(scored: Sequence[Scored]) -> list[Kept]:
    """A run's lines."""
    return [Kept(s.question.id, digest(s.question), {name: _kept(s, name) for name in GATED}) for s in scored]


def write(path: Path, kept: Sequence[Kept]) -> None:
    """Put a baseline down, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ({"id": line.id, "digest": line.digest, **line.scores} for line in kept)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def read(path: Path) -> list[Kept]:
    """A baseline's lines.

    Raises:
        FileError: it cannot be read, or a line is not one; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(
            f"There is no baseline to read at {path} ({error}). Make one with `python -m evals.gate --write`.",
            f"{path} 没有可读的基线（{error}）。请用 `python -m evals.gate --write` 生成。",
        ) from error
    return [_line(text, number, path) for number, text in enumerate(lines, 1) if text.strip()]


def check(baseline: Sequence[Kept], now: Sequence[Kept]) -> list[Difference]:
    """How each gated metric differs from the baseline, with the one-sided p of its being worse.

    Raises:
        BaselineMismatchError: the questions are not the baseline's; the message names them.
    """
    _match(baseline, now)
    return differences(baseline, now)


def differences(baseline: Sequence[Kept], now: Sequence[Kept]) -> list[Difference]:
    """As :func:`check`, over the questions that are the same in both."""
    before = {line.id: line for line in baseline}
    same = [(before[line.id], line) for line in now if line.id in before and before[line.id].digest == line.digest]
    found = []
    for metric in GATED:
        pairs = {
            line.id: (a, b)
            for was, line in same
            if (a := was.scores.get(metric)) is not None and (b := line.scores.get(metric)) is not None
        }
        if pairs:
            found.append(difference(metric, pairs, "less"))
    return found


def failed(difference: Difference) -> bool:
    """Whether a metric became worse: beyond chance or, of quotes, at all."""
    return difference.losses > 0 and (difference.metric == "verbatim" or difference.p < ALPHA)


def digest(question: Question) -> str:
    """Of a question's wording, history and gold: 12 hexadecimal digits."""
    fields = asdict(question)
    told = {name: fields[name] for name in ("question", "history", "points", "items", "answerable")}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def _kept(scored: Scored, name: str) -> float | None:
    value = scored_by(name, scored)
    return None if value is None else round(value, 4)


def _line(text: str, number: int, path: Path) -> Kept:
    try:
        row = json.loads(text)
        scores = {name: None if row[name] is None else float(row[name]) for name in GATED}
        return Kept(str(row["id"]), str(row["digest"]), scores)
    except (ValueError, KeyError, TypeError) as error:
        raise FileError(
            f"{path}, line {number} is not a baseline's ({error!r}). Make it anew with `python -m evals.gate --write`.",
            f"{path} 第 {number} 行不是基线的内容（{error!r}）。请用 `python -m evals.gate --write` 重新生成。",
        ) from error


def _match(baseline: Sequence[Kept], now: Sequence[Kept]) -> None:
    before, after = ({line.id: line.digest for line in lines} for lines in (baseline, now))
    new = [id for id in after if id not in before]
    gone = [id for id in before if id not in after]
    changed = [id for id in after if id in before and before[id] != after[id]]
    if new or gone or changed:
        en = [f"{word}: {_named(ids)}" for word, ids in (("new", new), ("gone", gone), ("changed", changed)) if ids]
        zh = [f"{word}：{_named(ids)}" for word, ids in (("新增", new), ("缺少", gone), ("有改动", changed)) if ids]
        raise BaselineMismatchError(
            f"The questions are not the baseline's ({'; '.join(en)}). Look at the change, then put the scores down anew with `python -m evals.gate --write`.",
            f"题目与基线不一致（{'；'.join(zh)}）。请确认改动无误，再用 `python -m evals.gate --write` 重写基线。",
        )


def _named(ids: Sequence[str]) -> str:
    return " ".join(ids[:10]) + (f" … ({len(ids)})" if len(ids) > 10 else "")
