"""``suanlian bench``: public benchmarks, from files that the user names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from suanlian import console


def bench(
    name: Annotated[Literal["cmrc2018", "drcd"], typer.Argument(help="哪个评测集 which benchmark")],
    data: Annotated[Path, typer.Option("--data", help="评测集自己的文件 the benchmark's own file")],
    half: Annotated[
        Literal["tune", "report"] | None, typer.Option(help="哪一半题 which half", show_default="两半都测 both")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="最多多少道题 at most so many questions")] = None,
    floors: Annotated[
        bool, typer.Option("--floors", help="同时测简单做法 also measure plain BM25 and rank fusion")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用 print JSON for programs")] = False,
) -> None:
    """公开评测集上的检索与回答。 Retrieval and answers on a public benchmark, in an index that is gone afterwards."""
    from evals.benchmarks.asked import ask, indexed
    from evals.benchmarks.figures import as_rows, by_half, show
    from evals.benchmarks.floors import floor_figures
    from evals.benchmarks.squad import load_squad
    from rag import load_settings

    benchmark = load_squad(data)
    questions = benchmark.chosen(half, limit)
    with console.progress() as (advance, _), indexed(benchmark.paragraphs, load_settings(), progress=advance) as made:
        assistant, documents = made
        asked = []
        for number, question in enumerate(questions, 1):
            asked.append(ask(question, assistant, documents))
            advance("提问 asking", number, len(questions))
        halves = by_half(asked)
        if floors:
            for each, found in halves.items():
                found["floors"] = floor_figures([q for q in questions if q.half == each], assistant, documents)
    if as_json:
        console.print_json({"benchmark": name, "halves": halves, "questions": as_rows(asked)})
    else:
        show(f"{name}: {len(benchmark.paragraphs)} paragraphs", halves, console.out)
