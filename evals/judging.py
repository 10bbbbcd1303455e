"""Statements drawn by lot for a reader to judge, and what his judgements say: faithfulness before and after the check.

*Before* is a statement as the model wrote it, held against the sentences that it named; *after* is what left in its place,
held against its quotes. Both are simple random samples of the run's statements, drawn from one shuffled order, so that
most of the one are in the other. A reader is shown pairs of a text and its sentences, in an order of their own, and not told
which are before and which after, nor what the check made of them; a pair that is both is read once. The key holds that.

A statement that named no sentence is not supported by definition, and is not shown. What the check decided is never taken
for what is true: each figure of faithfulness is the reader's.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.metrics import check_precision, check_recall, faithfulness
from evals.statements import WrittenStatement
from evals.statistics import wilson
from rag import InputError

UNCITED = "uncited"  # in place of a pair: nothing to read, not supported


@dataclass(frozen=True, slots=True)
class Pair:
    """What a reader judges: whether the sentences, read with the headings in 〔〕 before them, say what the text says.
    ``supported`` is None until it is judged."""

    id: str
    question: str
    text: str
    sentences: tuple[str, ...]
    supported: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A statement that was drawn: what the check made of it, and the ids of the pairs that are it as ``written`` and as
    ``said``; "" where it was not drawn for that."""

    statement: str
    outcome: str
    reason: str
    written: str
    said: str


def draw(statements: Sequence[WrittenStatement], count: int, seed: int) -> tuple[list[Pair], list[Drawn]]:
    """``count`` statements as written and as many that left, or all where there are fewer; the same for one seed.

    Raises:
        InputError: there is no statement.
    """
    if not statements:
        raise InputError(
            "There is no statement to draw from: no answer of that run was written by a language model. Run it with --mode llm.",
            "没有可供抽取的陈述：那次评测里没有语言模型所写的答案。请用 --mode llm 重新评测。",
        )
    order = list(statements)
    random.Random(seed).shuffle(order)
    before = {each.id for each in order[:count]}
    after = {each.id for each in [each for each in order if each.said][:count]}
    drawn = [each for each in order if each.id in before or each.id in after]
    shown: dict[tuple[str, str, tuple[str, ...]], None] = {}
    for each in drawn:
        if each.id in before and each.named:
            shown[_written(each)] = None
        if each.id in after:
            shown[_said(each)] = None
    mixed = list(shown)
    random.Random(seed + 1).shuffle(mixed)
    ids = {pair: f"{number:03d}" for number, pair in enumerate(mixed, 1)}
    pairs = [Pair(ids[question, text, sentences], question, text, sentences) for question, text, sentences in mixed]
    key = [
        Drawn(
            each.id,
            each.outcome,
            each.reason,
            (ids[_written(each)] if each.named else UNCITED) if each.id in before else "",
            ids[_said(each)] if each.id in after else "",
        )
        for each in drawn
    ]
    return pairs, key


def judged(pairs: Sequence[Pair], key: Sequence[Drawn]) -> dict[str, Any]:
    """What the reader's judgements say, for JSON; shares with their 95 % interval (Wilson).

    ``before`` and ``after`` hold ``drawn``, ``judged``, ``supported``, ``faithfulness`` and ``ci``, and ``unjudged``;
    ``after_by_outcome`` the same by what the check did. ``check`` is how it agrees with the reader, over the statements
    drawn as written: its ``precision`` (of those it kept as written, the share that he supports) and ``recall`` (of those
    that he supports, the share it kept). ``outcomes`` counts what it decided of them.

    Raises:
        InputError: the key names a pair that the sheet has not.
    """
    verdicts: dict[str, bool | None] = {pair.id: pair.supported for pair in pairs} | {UNCITED: False}
    lacking = [id for each in key for id in (each.written, each.said) if id and id not in verdicts]
    if lacking:
        raise InputError(
            f"The sheet lacks rows of its key ({', '.join(lacking[:5])}). Put them back, or draw a sheet anew.",
            f"判读表缺少答案键里的行（{'、'.join(lacking[:5])}）。请补回，或重新抽取。",
        )
    written, said = [each for each in key if each.written], [each for each in key if each.said]
    decided = [(each.outcome == "kept", verdicts[each.written]) for each in written]
    kept = [verdict for is_kept, verdict in decided if is_kept]
    supported = [is_kept for is_kept, verdict in decided if verdict]
    return {
        "before": _share(verdicts[each.written] for each in written)
        | {"uncited": sum(each.written == UNCITED for each in written)},
        "after": _share(verdicts[each.said] for each in said),
        "after_by_outcome": {
            outcome: _share(verdicts[each.said] for each in said if each.outcome == outcome)
            for outcome in sorted({each.outcome for each in said})
        },
        "outcomes": dict(Counter(each.outcome for each in written).most_common()),
        "check": {
            "precision": _figure(check_precision.score(decided), [verdict for verdict in kept if verdict is not None]),
            "recall": _figure(check_recall.score(decided), supported),
        },
    }


def told(found: Mapping[str, Any]) -> list[str]:
    """The same as lines to read."""
    lines = [
        f"{words}: {_words(found[part])}"
        for part, words in (("before", "核对前 before the check"), ("after", "核对后 after the check"))
    ]
    lines += [f"  {outcome}: {_words(part)}" for outcome, part in found["after_by_outcome"].items()]
    lines.append("核对所为 what the check did: " + " · ".join(f"{name} {n}" for name, n in found["outcomes"].items()))
    for name, words in (
        ("precision", "核对精确率 precision of the check"),
        ("recall", "核对召回率 recall of the check"),
    ):
        figure = found["check"][name]
        if figure["share"] is not None:
            lines.append(f"{words}: {_interval(figure['share'], figure['ci'])} ({figure['yes']} / {figure['of']})")
    return lines


def _written(each: WrittenStatement) -> tuple[str, str, tuple[str, ...]]:
    return each.question, _bare(each.text), _read(each.named, each.named_sections)


def _said(each: WrittenStatement) -> tuple[str, str, tuple[str, ...]]:
    return each.question, _bare(each.said), _read(each.quotes, each.quote_sections)


def _bare(text: str) -> str:
    """A statement without its full stop, so that one which left as written is one pair with what was written."""
    return text.strip().rstrip("。.；;").strip()


def _read(sentences: Sequence[str], sections: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Sentences as they are read: behind the headings above them, where these are known."""
    paths = [*sections, *[()] * (len(sentences) - len(sections))]
    return tuple(
        f"〔{' › '.join(path)}〕{sentence}" if path else sentence
        for sentence, path in zip(sentences, paths, strict=False)
    )


def _share(verdicts: Iterable[bool | None]) -> dict[str, Any]:
    drawn = list(verdicts)
    judged = [verdict for verdict in drawn if verdict is not None]
    share = faithfulness.score(drawn)
    return {
        "drawn": len(drawn),
        "judged": len(judged),
        "unjudged": len(drawn) - len(judged),
        "supported": sum(judged),
        "faithfulness": None if share is None else round(share, 4),
        "ci": wilson(sum(judged), len(judged)),
    }


def _figure(share: float | None, verdicts: Sequence[bool]) -> dict[str, Any]:
    return {
        "share": None if share is None else round(share, 4),
        "ci": wilson(sum(verdicts), len(verdicts)),
        "yes": sum(verdicts),
        "of": len(verdicts),
    }


def _words(part: Mapping[str, Any]) -> str:
    if not part["judged"]:
        return f"尚未判读 not judged yet ({part['drawn']} drawn)"
    more = f", {part['uncited']} named no sentence" if part.get("uncited") else ""
    left = f", 未判读 {part['unjudged']} not judged" if part["unjudged"] else ""
    counts = f"{part['supported']} / {part['judged']} supported{more}{left}"
    return f"faithfulness {_interval(part['faithfulness'], part['ci'])} ({counts})"


def _interval(share: float, ci: Sequence[float]) -> str:
    return f"{share:.3f} [{ci[0]:.3f}, {ci[1]:.3f}]"
