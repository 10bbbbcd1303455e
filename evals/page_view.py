"""What the report's page shows, as plain values for its template."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from evals import plots
from evals.calibration import calibration
from evals.compare import Comparison, Difference, compare
from evals.intervals import intervals
from evals.page_cases import case, kind_name, listed, reasons
from evals.runs import Run
from evals.score import MEANS, Scored, by, summary
from evals.statistics import Interval, interval
from evals.words import LOWER_IS_BETTER, Name, figure, shown
from evals.writing import told, writing

_CARDS = (
    *("fully_right", "list_precision", "citation_recall", "citation_precision", "quotes_verbatim", "refusal"),
    *("false_refusal", "hit@1", "points@5", "answer_f1", "brevity_median", "ms_p50"),
)
_COLUMNS = (
    *("questions", "fully_right", "point_recall", "list_precision", "citation_recall", "citation_precision"),
    *("refusal", "false_refusal", "hit@1", "points@5", "brevity_median", "ms_p50"),
)
_COMPARED = (
    *("right_and_cited", "fully_right", "point_recall", "list_precision", "list_recall", "citation_recall"),
    *("citation_precision", "refusal", "false_refusal", "verbatim", "hit@1", "hit@5", "mrr@10", "ndcg@10", "points@1", "points@5", "answer_f1", "short_f1"),
    *("brevity", "quote_brevity", "brier"),
)  # fmt: skip
_PAIRED = {name: "verbatim" if name == "quotes_verbatim" else name for name in (*MEANS, "quotes_verbatim")}
_NOW, _BEFORE = "本次 now", "上次 before"
_SURE = 0.05


def view(runs: Sequence[Run], before: Sequence[Run], *, source: str) -> dict[str, Any]:
    """The values of ``report.html``.

    Raises:
        InputError: matplotlib is not installed, or a run has no question in common with the earlier one of its name.
    """
    sections = [_section(number, run, earlier(run.name, len(runs), before)) for number, run in enumerate(runs, 1)]
    return {"title": "、".join(run.name for run in runs), "about": _about(runs, source), "sections": sections}


def earlier(name: str, runs: int, before: Sequence[Run]) -> Run | None:
    """The earlier run of a set; where one of ``runs`` and one of ``before`` are all, those two whatever their names."""
    named = next((each for each in before if each.name == name), None)
    return before[0] if named is None and runs == len(before) == 1 else named


def _about(runs: Sequence[Run], source: str) -> list[dict[str, str]]:
    about = next((found for run in runs if (found := run.about())), {})
    facts: list[tuple[str, str, Any]] = [
        ("题集", "sets", "、".join(run.name for run in runs)),
        ("时间", "asked", _moment(about.get("created"))),
        ("版本", "version", about.get("version")),
        ("索引代次", "index generation", about.get("generation")),
        ("方式", "mode", "、".join(dict.fromkeys(run.mode for run in runs if run.mode)) or about.get("mode")),
        ("设置", "settings", about.get("config")),
        ("来源", "source", source),
    ]
    return [{"zh": zh, "en": en, "value": str(value)} for zh, en, value in facts if value not in (None, "")]


def _moment(seconds: float | None) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else ""


def _section(number: int, run: Run, then: Run | None) -> dict[str, Any]:
    compared = compare(then, run) if then else None
    key = f"set-{number}"
    return {
        "key": key,
        "name": run.name,
        "questions": len(run.scored),
        "cards": _cards(run, then, compared),
        "writing": _writing(run, then),
        "plots": _plots(run, then, key),
        "compared": _compared(compared, run, then) if compared and then else None,
        "tables": [table for facet in ("kind", "segment") if (table := _table(run, facet))],
        "failures": listed(case(s) for s in run.scored if reasons(s)),
    }


def _cards(run: Run, before: Run | None, compared: Comparison | None) -> list[dict[str, Any]]:
    now, then = summary(run.scored), summary(before.scored) if before else {}
    sure = intervals(run.scored)
    paired = {d.metric: d for d in compared.differences} if compared else {}

    def change(name: str) -> dict[str, str] | None:
        """Over the questions that both runs score, where there is a test; else of the figures as they are."""
        if name in _PAIRED:
            return _tested(paired[_PAIRED[name]]) if _PAIRED[name] in paired else None
        return {**_change(name, then[name], now[name]), "verdict": "soft"} if then.get(name) is not None else None

    return [
        {
            "name": figure(name),
            "text": shown(name, now[name]),
            "ci": f"p95 {shown('ms_p95', now['ms_p95'])}" if name == "ms_p50" else _between(name, sure.get(name)),
            "change": change(name),
        }
        for name in _CARDS
        if now.get(name) is not None
    ]


def _writing(run: Run, before: Run | None) -> list[dict[str, str]]:
    """How the answers were made, a line a subject, beside the earlier run's; [] without a language model."""
    now, then = ({} if each is None else _told(each) for each in (run, before))
    return [
        {"subject": subject, "now": now.get(subject, "–"), "before": then.get(subject, "")}
        for subject in dict.fromkeys((*now, *then))
    ]


def _told(run: Run) -> dict[str, str]:
    found = writing(run.scored)
    return told(found) if found else {}


def _table(run: Run, facet: str) -> dict[str, Any] | None:
    """The figures by the values of a facet, and of all; None where there is one value alone."""
    groups = by(run.scored, facet)
    if len(groups) < 2:
        return None
    columns = [name for name in _COLUMNS if any(figures.get(name) is not None for figures in groups.values())]
    title = {"kind": Name("按题型", "By kind"), "segment": Name("按环节", "By segment")}[facet]
    rows = [
        {
            "name": Name(
                *(kind_name(value).split(" ", 1) if facet == "kind" and " " in kind_name(value) else (value, ""))
            ),
            "whole": False,
            "cells": _cells(columns, figures, [s for s in run.scored if str(getattr(s.question, facet)) == value]),
        }
        for value, figures in groups.items()
    ]
    whole = {"name": Name("全部", "all"), "whole": True, "cells": _cells(columns, summary(run.scored), run.scored)}
    return {"title": title, "columns": [figure(name) for name in columns], "rows": [*rows, whole]}


def _cells(columns: Sequence[str], figures: Mapping[str, Any], scored: Sequence[Scored]) -> list[dict[str, Any]]:
    cells = []
    for name in columns:
        value = figures.get(name)
        known = [v for s in scored if (v := s.scores.get(name)) is not None] if name in MEANS else []
        share = value if name in MEANS and value is not None else None
        cells.append(
            {
                "text": shown(name, value),
                "share": share,
                "low": name in LOWER_IS_BETTER,
                "ci": _between(name, interval(known) if known else None),
            }
        )
    return cells


def _plots(run: Run, before: Run | None, key: str) -> list[dict[str, Any]]:
    from markupsafe import Markup

    shown_runs = {_NOW: run} | ({_BEFORE: before} if before else {})
    figures = {label: calibration(each.scored) for label, each in shown_runs.items()}
    curves = {
        label: [(p["coverage"], p["risk"]) for p in found["all"]["risk_coverage"]] for label, found in figures.items()
    }
    bins = {
        label: [(b["confidence"], b["right"], b["count"]) for b in found["answered"]["bins"]]
        for label, found in figures.items()
    }
    bins = {label: each for label, each in bins.items() if each}
    times = {label: [s.milliseconds for s in each.scored] for label, each in shown_runs.items()}
    every, answered = figures[_NOW]["all"], figures[_NOW]["answered"]
    now = summary(run.scored)
    drawn = [
        (
            Name("风险–覆盖率", "Risk–coverage"),
            plots.risk_coverage(curves, name=f"{key}-risk"),
            f"置信度从高到低依次作答，答错的比例；越低越好。 AURC {_number(every['aurc'])} · AUROC {_number(every['auroc'])}",
        ),
        (
            Name("置信度可靠性", "Reliability"),
            plots.reliability(bins, name=f"{key}-reliability") if bins else "",
            "作答的题，点越大题越多；贴近虚线，置信度就名副其实。 "
            f"ECE {_number(answered['ece'])} · Brier {_number(answered['brier'])} · AUROC {_number(answered['auroc'])}",
        ),
        (
            Name("用时分布", "Latency"),
            plots.latency(times, name=f"{key}-latency"),
            f"每题毫秒数。 p50 {now['ms_p50']} · p95 {now['ms_p95']}",
        ),
    ]
    return [{"title": title, "svg": Markup(svg), "note": note} for title, svg, note in drawn if svg]


def _compared(found: Comparison, run: Run, before: Run) -> dict[str, Any]:
    order = {name: place for place, name in enumerate(_COMPARED)}
    rows = [
        _difference(d) for d in sorted(found.differences, key=lambda d: order.get(d.metric, 99)) if d.metric in order
    ]
    then = {s.question.id: s for s in before.scored}
    unmatched = {*found.only_b, *found.changed}
    pairs = [(then[s.question.id], s) for s in run.scored if s.question.id not in unmatched]
    better = [case(s, t) for t, s in pairs if reasons(t) and not reasons(s)]
    worse = [case(s, t) for t, s in pairs if reasons(s) and not reasons(t)]
    other = [
        case(s, t)
        for t, s in pairs
        if reasons(t) and reasons(s) and (reasons(t), t.answer.text) != (reasons(s), s.answer.text)
    ]
    lists = [
        {"title": Name("变差的题", "Now wrong"), "verdict": "bad", "cases": worse},
        {"title": Name("变好的题", "Now right"), "verdict": "good", "cases": better},
        {"title": Name("仍未答好，但答案变了", "Still wrong, answered otherwise"), "verdict": "", "cases": other},
    ]
    left = [
        f"{zh} {en}：{len(ids)}"
        for zh, en, ids in (
            ("只在上次", "before only", found.only_a),
            ("只在本次", "now only", found.only_b),
            ("题目已改", "reworded", found.changed),
        )
        if ids
    ]
    return {
        "rows": rows,
        "lists": [each for each in lists if each["cases"]],
        "note": f"未比较的题：{'；'.join(left)}。" if left else "",
    }


def _difference(d: Difference) -> dict[str, Any]:
    return {
        "name": figure(d.metric),
        "paired": d.questions,
        "before": shown(d.metric, d.a),
        "now": shown(d.metric, d.b),
        "change": _tested(d),
        "ci": _between(d.metric, d.ci),
        "better": d.wins,
        "worse": d.losses,
        "p": "< 0.001" if d.p < 0.001 else f"{d.p:.3f}",
    }


def _tested(d: Difference) -> dict[str, str]:
    """A difference, coloured only where chance is not enough to explain it."""
    change = _change(d.metric, d.a, d.b)
    return change if d.p < _SURE else {**change, "verdict": "soft"}


def _change(name: str, before: float, now: float) -> dict[str, str]:
    """A difference with its sign, and whether it is for the better."""
    change = now - before
    text = shown(name, abs(change)).replace("%", " 百分点 pp")
    if not any(digit in text for digit in "123456789"):
        return {"text": "± 0", "verdict": "soft"}
    verdict = "good" if (change < 0) == (name in LOWER_IS_BETTER) else "bad"
    return {"text": f"{'+' if change > 0 else '−'}{text}", "verdict": verdict}


def _between(name: str, sure: Interval | None) -> str:
    if sure is None:
        return ""
    low, high = (shown(name, each).removesuffix("%") for each in sure)
    return f"{low} – {high}".replace("-", "−")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
