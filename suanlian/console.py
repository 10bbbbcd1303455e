"""What the command line shows: progress and messages on stderr, results on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
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


def print_trace(answer: Answer) -> None:
    """For each passage its rank at each stage, and its best clause."""
    from rich.table import Table

    table = Table("#", "BM25", "vector", "fused", "clause", "covers", "lacks", title="explain", show_lines=False)
    for row in answer.trace or ():
        clause = row.get("clause", {})
        table.add_row(
            str(row["fused_rank"]),
            f"{row['lexical']:.2f} (#{row['lexical_rank']})",
            f"{row['dense']:.3f} (#{row['dense_rank']})",
            f"{row['fused']:.3f}",
            str(clause.get("text", ""))[:60],
            f"{clause.get('coverage', 0):.2f}",
            " ".join(clause.get("missing", [])),
        )
    out.print(table)
