"""``suanlian batch``: the questions of a file, answered into another; it goes on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suanlian import console
from suanlian.options import (
    ApiKeyOption,
    CollectionOption,
    IndexOption,
    JsonOption,
    ModeOption,
    TimeoutOption,
    UrlOption,
)

if TYPE_CHECKING:
    from rag import BatchJournal, BatchLine, BatchProgress, InputError, Settings
    from rag.jobs.batch import Ask

INTERRUPTED = 130
_WORKERS = 2
_ROOMY = 110  # columns of a terminal that has room for both languages
_TOLD = 10  # wrong lines that are named on the screen
_IN_A_ROW = 5  # questions that a service does not answer, before it is taken for gone

Fatal = Callable[[Exception], bool]


def batch(
    questions: Annotated[
        Path, typer.Argument(metavar="IN", help="问题：JSONL、CSV 或 XLSX 文件 questions: a JSONL, CSV or XLSX file")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            help="答案写入的文件（同样三种格式） where to write the answers",
            show_default="IN.answers.jsonl",
        ),
    ] = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    mode: ModeOption = "auto",
    top_k: Annotated[
        int | None,
        typer.Option(
            "--top-k",
            min=1,
            max=50,
            help="取证的段落数 passages that evidence is picked from",
            show_default="RAG_TOP_K",
        ),
    ] = None,
    url: UrlOption = None,
    api_key: ApiKeyOption = "",
    timeout: TimeoutOption = 60.0,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, max=64, help="同时提问的线程数 questions asked at the same time", show_default="2"
        ),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            "--rate", min=0.01, help="每秒最多几问 questions a second at the most", show_default="不限 no limit"
        ),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="从头再来，替换已有的答案 begin anew and replace the answers there are")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """批量回答一个文件里的问题，中断后可接着做。 Answer the questions of a file; goes on where it stopped."""
    from rag import BatchJournal, load_settings, run_batch
    from suanlian.batch_input import read_batch
    from suanlian.batch_output import check_kind, same_questions, write_answers

    settings = load_settings(index=index, collection=collection)
    out = out or questions.with_suffix(".answers.jsonl")
    check_kind(out)
    lines = read_batch(questions, max_chars=settings.max_question_chars)
    _check_call(questions, out, url, index)
    kept = out.with_name(f".{out.name}.part.jsonl")
    if out.exists() and not kept.exists() and not restart:
        if not same_questions(out, lines):
            raise _other_answers(out)
        console.print_note(
            f"{out} 里已有这些问题的答案；要重新提问请加 --restart。 It holds the answers already; --restart asks again.",
            mark="✓ ",
        )
        return
    about: dict[str, Any] = {
        "mode": mode,
        "top_k": top_k,
        "collection": settings.collection if url is None else collection,
    }
    about |= {"url": url} if url is not None else {"index": str(settings.index.resolve())}
    began = time.monotonic()
    named = index or (settings.index if collection else None)  # what is named must be there
    with _asking(settings, named, url, api_key, timeout, about) as (ask, fatal):
        journal = BatchJournal(kept, about, fresh=restart)
        with _interruptible(out, kept, lines, journal), journal:
            before = sum(1 for line in lines if line.error is None and journal.state(line) in ("answered", "refused"))
            if before:
                console.print_note(f"接着做 going on: {before} / {len(lines)}")
            with _shown() as show:
                now = run_batch(lines, ask, journal, workers=workers or _WORKERS, rate=rate, fatal=fatal, progress=show)
            write_answers(out, journal, lines)
    again = [line for line in lines if line.error is None and journal.state(line) == "failed"]
    if not again:
        journal.remove()
    wrong = sum(1 for line in lines if line.error is not None)
    _report(out, now, now.done - before - wrong, time.monotonic() - began, as_json)
    _tell_failures(lines, again)
    if again:
        raise typer.Exit(1)


def _check_call(questions: Path, out: Path, url: str | None, index: Path | None) -> None:
    from rag import InputError

    if url is not None and index is not None:
        raise InputError(
            "--url asks a service about its own documents; leave out --index.",
            "--url 问的是服务自己的资料；请去掉 --index。",
        )
    if out.resolve() == questions.resolve():
        raise InputError(
            "The answers would replace the questions; name another file with -o.",
            "答案会覆盖问题文件；请用 -o 写另一个文件名。",
        )
    out.parent.mkdir(parents=True, exist_ok=True)


def _other_answers(out: Path) -> InputError:
    from rag import InputError

    return InputError(
        f"{out} is there already and holds something else than the answers to these questions. "
        "Name another file with -o, or replace it with --restart.",
        f"{out} 已经存在，内容不是这些问题的答案。请用 -o 换一个文件名，或用 --restart 替换它。",
    )


@contextmanager
def _asking(
    settings: Settings, index: Path | None, url: str | None, api_key: str, timeout: float, about: dict[str, Any]
) -> Iterator[tuple[Ask, Fatal]]:
    """What answers a line, and which errors end the whole run."""
    from rag import Assistant, InputError, LanguageModelMissingError, QuestionError, stops_a_batch

    mode, top_k, collection = about["mode"], about["top_k"], about["collection"]
    if url is None:
        assistant = Assistant.open(index, settings=settings, progress=console.print_note)
        try:
            yield (
                lambda line: assistant.ask(line.asked(), mode=mode, top_k=top_k).as_dict(),
                lambda error: stops_a_batch(error) or isinstance(error, LanguageModelMissingError),
            )
        finally:
            assistant.close()
        return

    from evals.served import Served, ServiceError

    unanswered = 0

    def ask(line: BatchLine) -> dict[str, Any]:
        nonlocal unanswered
        reply = service.ask(line.asked(), mode=mode, top_k=top_k, collection=collection).as_dict()
        unanswered = 0
        return reply

    def fatal(error: Exception) -> bool:
        """One question may be too much for a service; several in a row, and it is gone."""
        nonlocal unanswered
        unanswered += isinstance(error, ServiceError)
        return unanswered >= _IN_A_ROW or (isinstance(error, InputError) and not isinstance(error, QuestionError))

    with Served(url, api_key=api_key, timeout=timeout) as service:
        service.version()
        yield ask, fatal


@contextmanager
def _interruptible(out: Path, kept: Path, lines: list[BatchLine], journal: BatchJournal) -> Iterator[None]:
    """Ctrl-C, or an error that ends the run: says what is kept and how to go on."""
    from rag import BatchBusyError, BatchChangedError

    try:
        yield
    except (BatchBusyError, BatchChangedError):
        raise
    except BaseException as error:
        done = sum(1 for line in lines if line.error is None and journal.state(line) in ("answered", "refused"))
        console.print_note(
            f"已停下，{done} / {len(lines)} 个答案保存在 {kept}；再次运行同一命令即可接着做。 "
            f"Stopped; {done} answers are kept. Run the same command again to go on."
        )
        if isinstance(error, KeyboardInterrupt):
            raise typer.Exit(INTERRUPTED) from None
        raise


@contextmanager
def _shown() -> Iterator[Callable[[BatchProgress], None]]:
    """A bar on stderr: done of total, failed, refused, rate, time left."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    roomy = console.err.width >= _ROOMY
    words = ("拒答 refused", "失败 failed", "剩余 left") if roomy else ("拒答", "失败", "剩余")
    columns = (
        SpinnerColumn(),
        TextColumn("提问 asking"),
        BarColumn(bar_width=20 if roomy else 8),
        MofNCompleteColumn(),
        TextColumn("{task.fields[said]}", style="dim"),
    )
    with Progress(*columns, console=console.err, transient=not console.err.is_terminal) as shown:
        bar = shown.add_task("", total=None, said="")

        def show(now: BatchProgress) -> None:
            left = f" · {words[2]} {timedelta(seconds=round(now.eta))}" if now.eta is not None else ""
            said = f"{words[0]} {now.refused} · {words[1]} {now.failed} · {now.rate:.1f}/s{left}"
            shown.update(bar, total=now.total, completed=now.done, said=said)

        yield show


def _report(out: Path, now: BatchProgress, asked: int, seconds: float, as_json: bool) -> None:
    if as_json:
        facts = {name: getattr(now, name) for name in ("total", "done", "failed", "refused")}
        console.print_json({"out": str(out), **facts, "asked": asked, "seconds": round(seconds, 2)})
    else:
        console.print_finding(
            True,
            f"{out}: {now.total} 行 lines, 拒答 refused {now.refused}, 失败 failed {now.failed} ({seconds:.1f} s)",
        )


def _tell_failures(lines: list[BatchLine], again: list[BatchLine]) -> None:
    wrong = [line for line in lines if line.error is not None]
    for line in wrong[:_TOLD]:
        if line.error is not None:
            console.print_error(f"line {line.number}: {line.error.en}", f"第 {line.number} 行：{line.error.zh}")
    if len(wrong) > _TOLD:
        console.print_note(
            f"另有 {len(wrong) - _TOLD} 行有误，见输出文件。 {len(wrong) - _TOLD} more lines are wrong; see the output."
        )
    if again:
        console.print_error(
            f"{len(again)} questions could not be answered; run the same command again to ask these once more.",
            f"有 {len(again)} 个问题没能回答；再次运行同一命令会重新问它们。",
        )
