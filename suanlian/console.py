"""What the command line shows: progress and messages on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

if TYPE_CHECKING:
    from rag import Answer

# A result is never wrapped: what is copied or piped keeps its lines.
out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

_STAGES = {
    "read": "读取文件 reading",
    "learn": "学习术语 learning terms",
    "encode": "计算向量 encoding passages",
    "merge": "合并分段 merging segments",
    "model": "准备模型 preparing the model",
}


@contextmanager
def progress() -> Iterator[tuple[Callable[[str, int, int], None], Callable[[str], None]]]:
    """Progress bars on stderr: gives a callback for (stage, done, total) and one for a line of text."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bars: dict[str, Any] = {}
    with Progress(*columns, console=err, transient=not err.is_terminal) as shown:

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                bars[stage] = shown.add_task(_STAGES.get(stage, stage), total=total)
            shown.update(bars[stage], completed=done, total=total)

        yield advance, lambda line: shown.console.print(Text(line, style="dim"), soft_wrap=True)


def print_json(value: Any) -> None:
    """A result for a program: one JSON value on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_error(en: str, zh: str) -> None:
    """One error, in both languages, on stderr."""
    err.print(Text("✗ ", style="bold red") + Text(zh, style="red"), soft_wrap=True)
    if en != zh:
        err.print(Text("  " + en, style="dim"), soft_wrap=True)


def print_note(line: str, *, mark: str = "") -> None:
    """A line about what goes on, on stderr, after a green mark where one is given."""
    err.print(Text(mark, style="bold green") + Text(line, style="" if mark else "dim"), soft_wrap=True)


def print_finding(ok: bool, line: str) -> None:
    """One thing that was looked at, on stdout. Whole on its line, so that paths and commands can be copied."""
    out.print(Text("✓ " if ok else "✗ ", style="green" if ok else "red") + Text(line), soft_wrap=True)


def print_row(first: str, *more: str) -> None:
    """One of a list, on stdout: what it is called, then what is known about it."""
    out.print(Text(first, style="bold") + Text("".join(f"  {one}" for one in more if one)), soft_wrap=True)


def print_facts(facts: Mapping[str, float]) -> None:
    """Numbers with their names, in one line on stdout."""
    out.print(Text(" · ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in facts.items()), style="dim"))


def print_answer(answer: Answer) -> None:
    """An answer and where each part of it was read."""
    if answer.refused:
        out.print(Text(answer.text, style="yellow"))
        if answer.related:
            out.print(Text("最接近的内容 nearest passages:", style="dim"))
        for near in answer.related:
            out.print(Text(f"  · {' › '.join((near.document.title, *near.section))}", style="dim"))
        return
    out.print(Text(answer.text, style="bold"))
    if answer.items:
        out.print(
            Text(
                "、".join(f"{item.text}{''.join(f'[{n}]' for n in item.citations)}" for item in answer.items),
                style="green",
            )
        )
    if answer.short_answer:
        out.print(Text(f"→ {answer.short_answer.text}", style="bold green"))
    out.print()
    for citation in answer.citations:
        place = " › ".join((citation.document.title, *citation.section))
        page = f" p.{citation.page}" if citation.page else ""
        out.print(Text(f"[{citation.id}] ", style="cyan") + Text(f"{place}{page}", style="dim"))
        out.print(Text(f"    “{citation.quote}”") + Text(f"  {citation.start}–{citation.end}", style="dim"))
        source = (
            citation.document.derived_from or " ".join((citation.document.source, citation.document.published)).strip()
        )
        if source:
            out.print(Text(f"    {source}", style="dim"))
    out.print(
        Text(
            f"confidence {answer.confidence:.2f} · {answer.timings.get('total', 0):.0f} ms · {answer.mode}", style="dim"
        )
    )
    _print_made(answer)


def _print_made(answer: Answer) -> None:
    """What a language model wrote and what was mended in it, or why it did not; nothing where none was to."""
    from rag import how_made

    for note in how_made(answer.as_dict()):
        out.print(Text(f"{note.zh}。 {note.en}.", style="yellow" if answer.incomplete else "dim"))


_PIPED = 160  # columns
_TELLS = 0.15  # a term of this weight is worth saying that it is missing
_SHOWN = 40  # characters of a clause
_DROPPED = {
    "below_top_k": "检索名次靠后 below top_k",
    "no_clause": "没有可用的句子 no clause",
    "missing_terms": "没有说到 lacks",
    "wrong_kind": "不是所问的一类 wrong kind",
    "lower_score": "有更好的句子 lower score",
    "below_threshold": "把握不足 not sure enough",
}


def print_trace(answer: Answer) -> None:
    """How the question was read, and what became of each candidate passage: its score and rank at each stage, and where
    it was dropped and why. On stdout, behind the answer that it is about."""
    from rich.table import Table

    for part in answer.understood or ():
        terms = "  ".join(
            f"{term['text']} {term['weight']:.2f}{'' if term['known'] else '?'}" for term in part["terms"]
        )
        out.print(Text("问题 read as: ", style="dim") + Text(f"{part['question']}  [{part['kind']}]"))
        out.print(Text("词 terms: ", style="dim") + Text(terms))
        sure = f"{part['confidence']:.2f} {'≥' if part['confidence'] >= part['refuse_below'] else '<'} {part['refuse_below']:.2f}"
        out.print(Text("把握 confidence: ", style="dim") + Text(sure))
        table = Table(box=None, pad_edge=False, header_style="dim")
        for name in ("#", "BM25", "向量 dense", "句子 clause"):
            table.add_column(name, no_wrap=True)
        for name in ("结果 fate", "最好的句子 best clause"):
            table.add_column(name, overflow="fold", min_width=12)
        for row in (row for row in answer.trace or () if row["question"] == part["question"]):
            table.add_row(
                *_cells(row, {t["text"] for t in part["terms"] if t["weight"] >= _TELLS}),
                style="" if row["dropped"] is None else "dim",
            )
        # What is piped has no width of its own, and keeps a candidate on a line.
        (out if out.is_terminal else Console(width=_PIPED)).print(table)


def _cells(row: dict[str, Any], telling: set[str]) -> tuple[Text, ...]:
    clause = row.get("clause", {})
    fate = "✓ 引用 quoted"
    if row["dropped"] is not None:
        lacks = (
            " ".join(term for term in clause.get("missing", ()) if term in telling)
            if row["reason"] == "missing_terms"
            else ""
        )
        fate = f"✗ {_DROPPED[row['reason']]} {lacks}".rstrip()
    shown = (
        "; ".join(one["text"] for one in row["chosen"])
        or clause.get("text")
        or " › ".join((row["title"], *row["section"]))
    )
    shown = shown.replace("\n", " ")
    rerank = f"{row['rerank']:.3f} #{row['rerank_rank']}" if row["rerank"] is not None else "–"
    return (
        Text(f"{row['fused_rank']} {row['fused']:.3f}"),
        Text(f"{row['lexical']:.2f} #{row['lexical_rank']}"),
        Text(f"{row['dense']:.3f} #{row['dense_rank']}"),
        Text(rerank),
        Text(fate),
        Text(shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"),
    )
