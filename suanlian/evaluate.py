"""``suanlian eval``: question sets put to an index, and the figures."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from suanlian import console


def evaluate(
    sets: Annotated[
        list[str] | None,
        typer.Argument(help="题集：dev、test 或 JSONL 文件 sets: dev, test, or JSONL files", show_default="dev"),
    ] = None,
    index: Annotated[Path | None, typer.Option("--index", help="索引所在的文件夹 folder of the indexes")] = None,
    documents: Annotated[
        Path | None,
        typer.Option("--documents", help="改用这份资料（临时索引） score over these documents, in a passing index"),
    ] = None,
    failures: Annotated[
        bool, typer.Option("--failures", help="列出没答全的题 show each question not fully right")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用 print JSON for programs")] = False,
) -> None:
    """给题集打分。 Score question sets over an index; the default index is built first where it is missing."""
    from evals.report import as_dict, show, show_failures
    from evals.score import run
    from evals.sets import load_set
    from rag import Assistant, encoder_of, ingest, load_settings

    settings = load_settings(index=index)
    loaded = [(name, load_set(name)) for name in sets or ["dev"]]
    with TemporaryDirectory() as passing, console.progress() as (advance, line):
        encoder = encoder_of(settings, progress=line)
        if documents is not None:
            settings = settings.model_copy(update={"index": Path(passing)})
            ingest([documents], settings, encoder=encoder, progress=advance)
        assistant = Assistant.open(settings.index if index or documents else None, settings=settings, encoder=encoder)
        runs: list[tuple[str, Any]] = []
        for name, questions in loaded:
            total = len(questions)
            runs.append((name, run(questions, assistant, progress=lambda done, n=name, t=total: advance(n, done, t))))  # type: ignore[misc]
    if as_json:
        console.print_json([as_dict(name, scored) for name, scored in runs])
        return
    for name, scored in runs:
        show(name, scored, console.out)
        if failures:
            show_failures(scored, console.out)
