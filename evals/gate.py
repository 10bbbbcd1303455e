"""The gate: a change may not make a question set's answers worse.

    python -m evals.gate            asks ``dev`` over the bundled corpus, without a language model, and holds the
                                    scores against the baseline
    python -m evals.gate --write    puts the scores down as the new baseline, and says what changed

Exit code 0: not worse; 1: worse, and the questions that got worse are named; 2: the baseline is missing or of other
questions. What is counted as worse stands in :mod:`evals.baseline`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from evals import baseline
from evals.baseline import ALPHA, Kept
from evals.compare import Difference
from evals.score import run
from evals.sets import load_set
from rag import Assistant, SuanlianError, encoder_of, ingest, load_settings

_NAMED = 40  # questions that a line names


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m evals.gate", description=__doc__.split("\n")[0])
    parser.add_argument("--set", default="dev", help="题集 question set: dev, test, or a file (default: dev)")
    parser.add_argument("--baseline", type=Path, help="基线文件 its baseline (default: evals/baselines/SET.jsonl)")
    parser.add_argument("--documents", type=Path, help="资料 documents to ask (default: the bundled corpus)")
    parser.add_argument("--write", action="store_true", help="把这次的得分写成新基线 put these scores down as baseline")
    given = parser.parse_args(arguments)
    path = given.baseline or Path(__file__).parent / "baselines" / f"{Path(given.set).stem}.jsonl"
    out, err = Console(soft_wrap=True, highlight=False), Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        before = baseline.read(path) if path.exists() or not given.write else []
        now = scores_now(given.set, given.documents)
        if given.write:
            _told(baseline.differences(before, now), out)
            baseline.write(path, now)
            out.print(f"✓ 已写入 {len(now)} 题的得分 scores of {len(now)} questions written to {path}", markup=False)
            return 0
        found = baseline.check(before, now)
    except SuanlianError as error:
        err.print(f"✗ {error.zh}\n  {error.en}", markup=False)
        return 2
    return _judge(found, given.set, out)


def scores_now(name: str, documents: Path | None = None) -> list[Kept]:
    """A question set asked over documents (None: the settings' own), in an index that is gone afterwards."""
    questions = load_set(name)
    with TemporaryDirectory(prefix="suanlian-gate-") as folder:
        settings = load_settings(index=Path(folder))
        encoder = encoder_of(settings)
        ingest([documents or settings.documents], settings, encoder=encoder)
        assistant = Assistant.open(settings=settings, encoder=encoder)
        try:
            return baseline.keep(run(questions, assistant, mode="extractive"))
        finally:
            assistant.close()


def _judge(found: Sequence[Difference], name: str, out: Console) -> int:
    _told(found, out)
    worse = [each.metric for each in found if baseline.failed(each)]
    if worse:
        out.print(
            f"✗ {name} 的得分变差了：{'、'.join(worse)}\n  {name} became worse in {', '.join(worse)} (paired "
            f"randomisation test, one-sided, p < {ALPHA}). Mend the questions named above; where the loss is meant, "
            f"put it down with `python -m evals.gate --write` and say why in the commit.",
            markup=False,
        )
        return 1
    out.print(f"✓ {name} 没有变差 {name} is not worse than its baseline", markup=False)
    return 0


def _told(found: Sequence[Difference], out: Console) -> None:
    """A line a metric that changed, with the questions; the others in one."""
    for each in found:
        if each.wins or each.losses:
            mark = "✗" if baseline.failed(each) else "·"
            out.print(f"{mark} {each.metric} {each.a:.3f} → {each.b:.3f}  (p {each.p:.3f})", markup=False)
            for word, ids in (("变差 worse", each.worse), ("变好 better", each.better)):
                if ids:
                    more = f" … (+{len(ids) - _NAMED})" if len(ids) > _NAMED else ""
                    out.print(f"    {word} {len(ids)}: {' '.join(ids[:_NAMED])}{more}", markup=False)
    same = [f"{each.metric} {each.b:.3f}" for each in found if not each.wins and not each.losses]
    if same:
        out.print(f"= {', '.join(same)}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
