"""``suanlian eval``: question sets put to an index or to a running service, and the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from suanlian import console
from suanlian.options import ApiKeyOption, IndexOption, JsonOption, TimeoutOption, UrlOption

if TYPE_CHECKING:
    from evals.retrieval import Material
    from evals.runs import Run
    from evals.score import Answering
    from evals.sets import Question
    from rag import Settings

Advance = Callable[[str, int, int], None]


def evaluate(
    sets: Annotated[
        list[str] | None,
        typer.Argument(
            help="题集：dev、test，或自己的 JSONL、CSV、XLSX 文件（有“问题”“答案”两列即可） "
            "sets: dev, test, or your own JSONL, CSV or XLSX with question and answer columns",
            show_default="dev",
        ),
    ] = None,
    index: IndexOption = None,
    documents: Annotated[
        Path | None,
        typer.Option("--documents", help="改用这份资料（临时索引） score over these documents, in a passing index"),
    ] = None,
    url: UrlOption = None,
    api_key: ApiKeyOption = "",
    timeout: TimeoutOption = 60.0,
    report: Annotated[
        Path | None, typer.Option("--report", help="写成一个 HTML 报告 write one self-contained HTML report")
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option("--compare", help="与 --save 保存的结果逐题对照 compare, question by question, with a saved run"),
    ] = None,
    save: Annotated[Path | None, typer.Option("--save", help="保存全部结果（JSON） keep the whole run as JSON")] = None,
    ragas: Annotated[
        Path | None, typer.Option("--ragas", help="导出为 RAGAS 的 JSONL export for RAGAS as JSONL")
    ] = None,
    failures: Annotated[
        bool, typer.Option("--failures", help="列出没答全的题 show each question not fully right")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """给题集打分。 Score question sets; the default index is built first where it is missing."""
    from evals.compare import compare as compare_runs
    from evals.page_view import earlier
    from evals.report import show, show_comparison, show_failures
    from evals.runs import read_runs, write_runs
    from evals.sets import load_set
    from rag import InputError

    if url is not None and (index or documents):
        raise InputError(
            "--url asks a service about its own documents; leave out --index and --documents.",
            "--url 问的是服务自己的资料；请去掉 --index 和 --documents。",
        )
    # What is wrong with the call is told before minutes are spent on it.
    loaded = [(name, load_set(name)) for name in sets or ["dev"]]
    before = read_runs(compare) if compare else []
    labels = [Path(name).name for name, _ in loaded]
    if compare and not any(earlier(label, len(loaded), before) for label in labels):
        raise InputError(
            f"{compare} holds runs of {', '.join(run.name for run in before)}, none of {', '.join(labels)}. Compare runs of one set.",
            f"{compare} 里是 {'、'.join(run.name for run in before)} 的结果，没有 {'、'.join(labels)} 的。请比较同一题集的结果。",
        )
    _writable(save, report, ragas)
    if report:
        from evals.page import check_installed

        check_installed()
    with console.progress() as (advance, line):
        if url is not None:
            answering = _service(url, api_key, timeout, loaded, advance)
        else:
            answering = _library(index, documents, advance, line)
        with answering as (assistant, material):
            runs = _run(loaded, assistant, material, explain=bool(report or save), advance=advance)
    if save:
        write_runs(save, runs)
    if ragas:
        from evals.ragas import write_ragas

        write_ragas(ragas, runs)
    if report:
        from evals.page import write_page

        write_page(report, runs, before, source=url or str(documents or ""))
    compared = {run.name: compare_runs(then, run) for run in runs if (then := earlier(run.name, len(runs), before))}
    if as_json:
        kept = [run.as_dict() for run in runs]
        console.print_json(
            [each | ({"compared": found.as_dict()} if (found := compared.get(each["set"])) else {}) for each in kept]
        )
    else:
        for run in runs:
            show(run.name, run.scored, console.out)
            if run.name in compared:
                show_comparison(compared[run.name], console.out)
            if failures:
                show_failures(run.scored, console.out)
    for path in (save, ragas, report):
        if path:
            console.print_note(f"{path}", mark="✓ ")


def _run(
    loaded: Sequence[tuple[str, list[Question]]],
    assistant: Answering,
    material: Material | None,
    *,
    explain: bool,
    advance: Advance,
) -> list[Run]:
    from evals.runs import Run
    from evals.score import run

    runs = []
    for name, questions in loaded:
        label, total = Path(name).name, len(questions)
        scored = run(
            questions,
            assistant,
            material=material,
            explain=explain,
            progress=_counted(advance, label, total),
        )
        runs.append(Run(label, tuple(scored)))
    return runs


def _counted(advance: Advance, label: str, total: int) -> Callable[[int], None]:
    return lambda done: advance(label, done, total)


@contextmanager
def _library(
    index: Path | None, documents: Path | None, advance: Advance, line: Callable[[str], None]
) -> Iterator[tuple[Answering, Material | None]]:
    """The library's assistant over an index, or over documents in a passing one."""
    from rag import Assistant, encoder_of, ingest, load_settings

    settings: Settings = load_settings(index=index)
    with TemporaryDirectory() as passing:
        encoder = encoder_of(settings, progress=line)
        if documents is not None:
            settings = settings.model_copy(update={"index": Path(passing)})
            ingest([documents], settings, encoder=encoder, progress=advance)
        assistant = Assistant.open(settings.index if index or documents else None, settings=settings, encoder=encoder)
        try:
            yield assistant, None
        finally:
            assistant.close()


@contextmanager
def _service(
    url: str, api_key: str, timeout: float, loaded: Sequence[tuple[str, list[Question]]], advance: Advance
) -> Iterator[tuple[Answering, Material | None]]:
    """A running service, and its documents where the questions name the words that should be found in them."""
    from evals.retrieval import Material
    from evals.served import Served
    from rag import Settings

    with Served(url, api_key=api_key, timeout=timeout) as service:
        service.version()
        evidence = any(point.evidence for _, questions in loaded for q in questions for point in q.points)
        material = None
        if evidence:
            documents = service.documents(progress=lambda done, total: advance("read", done, total))
            # A service does not tell how long its passages are; only the ideal ranking of nDCG depends on it.
            material = Material.cut(documents, Settings().passage_chars)
        yield service, material


def _writable(*paths: Path | None) -> None:
    """Make each file's folder and try to write there, so that what cannot be written is told at once. Raises OSError."""
    for path in paths:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = not path.exists()
            with path.open("a", encoding="utf-8"):
                pass
            if new:
                path.unlink()
