"""A run, and what two differ in, told in the terminal; and a run as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.calibration import calibration
from evals.compare import Comparison
from evals.intervals import intervals
from evals.runs import Run
from evals.score import Scored, by, summary
from evals.statistics import LEVEL, Interval
from evals.writing import told, writing

# What a kind's row shows, under short names: a terminal of 80 columns holds the table.
_COLUMNS = {
    "questions": "n",
    "fully_right": "fully right",
    "list_precision": "list prec.",
    "citation_precision": "cite prec.",
    "refusal": "refusal",
    "false_refusal": "false refusal",
    "hit@1": "hit@1",
    "brevity_median": "brevity",
}
# The whole run's figures, a line a subject.
_SUBJECTS = {
    "答案 answers": ("fully_right", "point_recall", "list_precision", "list_recall"),
    "引文 citations": ("citation_recall", "citation_precision", "quotes_verbatim"),
    "拒答 refusal": ("refusal", "false_refusal"),
    "检索 retrieval": ("hit@1", "hit@5", "mrr@10", "ndcg@10", "points@1", "points@5"),
    "事实 facts": ("answer_f1", "short_f1", "short_em"),
    "篇幅 brevity": ("brevity_median", "quote_brevity_median"),
}
_CALIBRATION = ("auroc", "aurc", "brier", "ece")
_NAMED = 12  # questions that a comparison names of each metric, each way


def show(name: str, scored: Sequence[Scored], console: Console) -> None:
    """The figures of a run by kind, and whole with their 95 % confidence intervals; of a language model's answers, how
    they came about."""
    table = Table(title=escape(name), box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
    table.add_column("kind", no_wrap=True)
    for header in _COLUMNS.values():
        table.add_column(header, justify="right")
    for kind, figures in by(scored, "kind").items():
        table.add_row(escape(kind), *(_cell(figures[column]) for column in _COLUMNS))
    table.add_section()
    whole = summary(scored)
    table.add_row("all", *(_cell(whole[column]) for column in _COLUMNS), style="bold")
    console.print(table)
    if scored:
        _show_whole(whole, scored, console)


def _show_whole(whole: Mapping[str, Any], scored: Sequence[Scored], console: Console) -> None:
    ci = intervals(scored)
    console.print("[dim]全部题，方括号内为 95 % 置信区间 all questions, with 95 % confidence intervals[/dim]")
    lines = {
        subject: [_figure(name, whole[name], ci.get(name)) for name in names if whole[name] is not None]
        for subject, names in _SUBJECTS.items()
    }
    if whole["judged"] < whole["questions"]:
        lines["检索 retrieval"].append(f"[dim]hit, mrr, ndcg: {whole['judged']} judged[/dim]")
    found = calibration(scored)
    for words, part, bounds in (("置信度 confidence", "all", ci), ("  只看已答 answered", "answered", {})):
        figures = found[part]
        lines[words] = [
            _figure(name, figures[name], bounds.get(name)) for name in _CALIBRATION if figures[name] is not None
        ]
    lines["用时 time"] = [f"p50 {whole['ms_p50']} ms", f"p95 {whole['ms_p95']} ms"]
    if made := writing(scored):
        lines |= {subject: [escape(line)] for subject, line in told(made).items()}
    grid = Table.grid(padding=(0, 2))
    for subject, figures in lines.items():
        if figures:
            grid.add_row(subject, " · ".join(figures))
    console.print(grid)


def _figure(name: str, value: float, ci: Interval | None) -> str:
    bounds = f" [dim]\\[{_short(ci[0])}, {_short(ci[1])}][/dim]" if ci else ""
    return f"{name.removesuffix('_median').replace('_', ' ')} [bold]{_short(value)}[/bold]{bounds}"


def show_comparison(found: Comparison, console: Console) -> None:
    """A row a metric that changed: both means, the difference with its 95 % interval, the paired test's p, and how many
    questions got better and worse; below, which."""
    changed = [each for each in found.differences if each.wins or each.losses]
    if changed:
        table = Table(
            "metric", title=escape(f"{found.a} → {found.b}"), box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False
        )
        for header in ("n", "a", "b", "b - a", "95 % CI", "p", "better", "worse"):
            table.add_column(header, justify="right", no_wrap=True)
        for each in changed:
            bounds = f"{_signed(each.ci[0])}, {_signed(each.ci[1])}" if each.ci else "–"
            figures = (_cell(each.a), _cell(each.b), _signed(each.difference), bounds, _cell(each.p))
            style = "" if each.p >= 1 - LEVEL else "green" if each.gained else "red"
            name = each.metric.replace("_", " ")
            table.add_row(name, str(each.questions), *figures, str(each.wins), str(each.losses), style=style)
        console.print(table)
    for each in changed:
        for words, ids in (("变好 better", each.better), ("变差 worse", each.worse)):
            if ids:
                console.print(f"{each.metric} {words}: {_named(ids)}", highlight=False, markup=False)
    same = [each.metric for each in found.differences if each not in changed]
    if same:
        console.print(f"没有变化 unchanged: {', '.join(same)}", style="dim", highlight=False, markup=False)
    for words, ids in (
        (f"只在 {found.a} 里 only there", found.only_a),
        (f"只在 {found.b} 里 only there", found.only_b),
        ("题目有改动，未比较 changed, not compared", found.changed),
    ):
        if ids:
            console.print(f"{words}: {_named(ids)}", highlight=False, markup=False)


def as_dict(name: str, scored: Sequence[Scored]) -> dict[str, Any]:
    """The whole run, for JSON, in the form that :mod:`evals.runs` shows."""
    return Run(name, tuple(scored)).as_dict()


def _cell(value: float | int | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else _short(value)


def _signed(value: float) -> str:
    return ("-" if value < 0 else "+") + _short(abs(value))


def _short(value: float) -> str:
    """Three places below 1 (``.805``), two below 10, one above."""
    if abs(value) < 1:
        return f"{value:.3f}".removeprefix("0")
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def _named(ids: Sequence[str]) -> str:
    return " ".join(ids[:_NAMED]) + (f" … (+{len(ids) - _NAMED})" if len(ids) > _NAMED else "")


def show_failures(scored: Sequence[Scored], console: Console) -> None:
    """Every question that was not fully right, or was answered where there is no answer."""
    for s in scored:
        wrong = s.answer.refused != (not s.question.answerable) or s.scores["fully_right"] == 0
        if wrong:
            gold = (
                "；".join(" / ".join(point.any_of[:2]) for point in s.question.points) or "（应拒答 should be refused）"
            )
            console.print(f"[bold]{escape(s.question.id)}[/bold] {escape(s.question.question)}", highlight=False)
            console.print(f"  答 {s.answer.text}\n  应 {gold}", style="dim", highlight=False, markup=False)
