"""``suanlian eval``: question sets put to an index or to a running service, and the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suanlian import console
from suanlian.options import ApiKeyOption, IndexOption, JsonOption, ModeOption, TimeoutOption, UrlOption

if TYPE_CHECKING:
    from evals.recorded import Recording
    from evals.retrieval import Material
    from evals.runs import Run
    from evals.score import Answering
    from evals.sets import Question
    from evals.statements import StatementLog
    from rag import Answer, Mode, Settings

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
    mode: ModeOption = "auto",
    url: UrlOption = None,
    api_key: ApiKeyOption = "",
    timeout: TimeoutOption = 60.0,
    record: Annotated[
        Path | None,
        typer.Option(
            "--record",
            help="把语言模型的回复录下，已录的不再问 keep the model's replies; what is kept is not asked again",
        ),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", help="只用录下的回复，不问模型 use kept replies alone; the model is never asked"),
    ] = None,
    statements: Annotated[
        Path | None,
        typer.Option(
            "--statements", help="写出模型的每条陈述及其去留（JSONL） each statement of the model and what became of it"
        ),
    ] = None,
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
    from suanlian.recording import check_call, recording_of

    check_call(mode, url=url, record=record, replay=replay, statements=statements)
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
    recording = recording_of(record, replay)
    _writable(save, report, ragas, record, statements)
    if report:
        from evals.page import check_installed

        check_installed()
    log = _log(statements) if statements else None
    with console.progress() as (advance, line):
        if url is not None:
            answering = _service(url, api_key, timeout, loaded, advance)
        else:
            model = partial(_language_model, mode=mode, recording=recording, ask=replay is None, log=log)
            answering = _library(index, documents, model, advance, line)
        with answering as (assistant, material):
            answered = partial(_answered, log, recording)
            runs = _run(
                loaded, assistant, material, mode, explain=bool(report or save), answered=answered, advance=advance
            )
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
            show(run.label, run.scored, console.out)
            if run.name in compared:
                show_comparison(compared[run.name], console.out)
            if failures:
                show_failures(run.scored, console.out)
    for path in (save, ragas, report):
        if path:
            console.print_note(f"{path}", mark="✓ ")
    if recording is not None:
        console.print_note(f"{recording.path}: {len(recording)} 条回复 replies, 新录 new {recording.asked}", mark="✓ ")
    if log is not None:
        console.print_note(f"{statements}: {log.told()}", mark="✓ ")


def _log(path: Path) -> StatementLog:
    from evals.statements import StatementLog

    return StatementLog(path)


def _answered(log: StatementLog | None, recording: Recording | None, question: Question, answer: Answer) -> None:
    """What is done with each answer. A reply that a recording lacks is told here: mode auto would answer without it."""
    if recording is not None:
        recording.check()
    if log is not None:
        log.answered(question, answer)


def _language_model(
    settings: Settings, *, mode: Mode, recording: Recording | None, ask: bool, log: StatementLog | None
) -> tuple[Settings, dict[str, Any]]:
    """The settings, and what else the assistant is opened with: its language model and its witness, where the call says
    more of them than the settings do."""
    from suanlian.recording import check_model, of_recording, recorded_model

    if recording is not None and not ask:
        settings = of_recording(settings, recording)
    check_model(settings, mode, needed=recording is not None or log is not None)
    more: dict[str, Any] = {}
    if recording is not None:
        more["language_model"] = recorded_model(settings, recording, ask=ask)
    if log is not None:
        more["witness"] = log.witness
    return settings, more


def _run(
    loaded: Sequence[tuple[str, list[Question]]],
    assistant: Answering,
    material: Material | None,
    mode: Mode,
    *,
    explain: bool,
    answered: Callable[[Question, Answer], None],
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
            mode=mode,
            explain=explain,
            answered=answered,
            progress=_counted(advance, label, total),
        )
        runs.append(Run(label, tuple(scored), mode))
    return runs


def _counted(advance: Advance, label: str, total: int) -> Callable[[int], None]:
    return lambda done: advance(label, done, total)


@contextmanager
def _library(
    index: Path | None,
    documents: Path | None,
    model: Callable[[Settings], tuple[Settings, dict[str, Any]]],
    advance: Advance,
    line: Callable[[str], None],
) -> Iterator[tuple[Answering, Material | None]]:
    """The library's assistant over an index, or over documents in a passing one.

    Args:
        model: the settings with the language model, and what else :meth:`rag.Assistant.open` is given.
    """
    from rag import Assistant, encoder_of, ingest, load_settings

    settings, more = model(load_settings(index=index))
    with TemporaryDirectory() as passing:
        encoder = encoder_of(settings, progress=line)
        if documents is not None:
            settings = settings.model_copy(update={"index": Path(passing)})
            ingest([documents], settings, encoder=encoder, progress=advance)
        opened = settings.index if index or documents else None
        assistant = Assistant.open(opened, settings=settings, encoder=encoder, **more)
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
