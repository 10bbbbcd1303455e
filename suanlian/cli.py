"""The command line: ``suanlian COMMAND``. Exit code 0 done, 1 the work failed, 2 the call or its input is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suanlian import console, documents
from suanlian.batch import batch
from suanlian.bench import bench
from suanlian.evaluate import evaluate
from suanlian.judge import judge
from suanlian.mcp import mcp
from suanlian.opening import open_assistant, opened
from suanlian.options import CollectionOption, IndexOption, JsonOption, ModeOption

if TYPE_CHECKING:
    from rag import Assistant, Document, InputError, Mode, Settings

app = typer.Typer(
    name="suanlian",
    help="算链：在中文资料里找答案，每个答案都附上原文。 Answers from Chinese material, each with the words it was read from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _show_version(asked: bool) -> None:
    if asked:
        from rag import package_version

        console.out.print(f"suanlian {package_version()}", highlight=False)
        raise typer.Exit


@app.callback()
def _whole(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="显示版本 show the version")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; what goes wrong is one clear sentence and an exit code, never a stack trace."""
    from rag.errors import IndexMismatchError, IndexMissingError, InputError, SuanlianError

    try:
        app()
    except SuanlianError as error:
        console.print_error(error.en, error.zh)
        sys.exit(2 if isinstance(error, (InputError, IndexMissingError, IndexMismatchError)) else 1)
    except KeyboardInterrupt:
        console.err.print()
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        reason = error.strerror or str(error)
        console.print_error(
            f"The system refused{where}: {reason}. Choose a folder that can be written, or mend its permissions.",
            f"系统拒绝访问{where}：{reason}。请换一个可写的文件夹，或改正权限。",
        )
        sys.exit(1)


_GOODBYE = ("exit", "quit", "bye", "退出", "再见")


def _settings(**given: Any) -> Settings:
    from rag import load_settings

    return load_settings(**given)


@app.command()
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="文件或文件夹，默认自带的资料 files and folders; default: the bundled corpus", show_default=False
        ),
    ] = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="全部重建，重新学习术语 make it all anew")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="保留没有写明的文档 keep the documents not named")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="移除没有写明的文档 remove the documents not named")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """读取资料，建立或更新索引。 Read documents into an index; what is unchanged is not redone."""
    from rag import ingest

    settings = _settings(index=index, collection=collection)
    others = _others(paths or [settings.documents], settings)
    if others and not keep and not replace:
        raise _unnamed(others, settings)
    with console.progress() as (advance, line):
        done = ingest(
            paths or [settings.documents],
            settings,
            fresh=fresh,
            others=keep,
            progress=advance,
            stage=line,
        )
    built = done.built
    if as_json:
        facts = {
            name: getattr(built, name)
            for name in ("generation", "added", "replaced", "removed", "unchanged", "passages")
        }
        console.print_json({**facts, "index": str(settings.index), "failed": [error.en for error in done.failures]})
    else:
        console.print_finding(
            True,
            f"索引已就绪 index ready: {settings.index}  (generation {built.generation}: "
            f"+{built.added} new, {built.replaced} replaced, {built.removed} removed, {built.unchanged} unchanged documents)",
        )
    for error in done.failures:
        console.print_error(error.en, error.zh)
    if done.failures:
        raise typer.Exit(2)


@app.command()
def ask(
    question: Annotated[
        str | None,
        typer.Argument(help="问题；不写则进入对话 a question; without one, a conversation", show_default=False),
    ] = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    mode: ModeOption = "auto",
    explain: Annotated[
        bool, typer.Option("--explain", help="说明每个候选段落的得分 show how each passage scored")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """回答一个问题，附上原文。 Answer one question, with the words it was read from."""
    if question is not None:
        # An argument that is not UTF-8 comes as lone surrogates, which no output takes.
        question = question.encode("utf-8", "replace").decode()
        from rag.retrieve.query import check_question

        check_question(question, _settings(index=index).max_question_chars)
    assistant = open_assistant(_settings(index=index, collection=collection), index, collection)
    if question is not None:
        _reply(assistant, [{"role": "user", "content": question}], mode, explain, as_json)
    else:
        _converse(assistant, mode, explain, as_json)


def _reply(assistant: Assistant, messages: list[dict[str, str]], mode: Mode, explain: bool, as_json: bool) -> str:
    answer = assistant.ask(messages, mode=mode, explain=explain)
    if as_json:
        console.print_json(answer.as_dict())
    else:
        console.print_answer(answer)
        if explain:
            console.print_trace(answer)
    return answer.text


def _converse(assistant: Assistant, mode: Mode, explain: bool, as_json: bool) -> None:
    from rag.errors import InputError, LanguageModelError

    messages: list[dict[str, str]] = []
    console.err.print("[dim]提问，空行结束。 Ask; an empty line ends.[/dim]")
    while True:
        try:
            question = console.err.input("[bold cyan]› [/bold cyan]").strip()
        except EOFError:
            return
        if not question or question.lower() in _GOODBYE:
            return
        try:
            reply = _reply(assistant, [*messages, {"role": "user", "content": question}], mode, explain, as_json)
        except (InputError, LanguageModelError) as error:  # the next question may fare better
            console.print_error(error.en, error.zh)
            continue
        messages += [{"role": "user", "content": question}, {"role": "assistant", "content": reply}]


@app.command()
def serve(
    index: IndexOption = None,
    collection: CollectionOption = None,
    host: Annotated[str | None, typer.Option(help="监听地址 address to bind", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="端口 port", show_default="8000")] = None,
    workers: Annotated[int | None, typer.Option(help="进程数 processes on the port", show_default="1")] = None,
) -> None:
    """启动服务和网页。 Start the service and the web page; builds the bundled corpus first where there is no index."""
    from api.run.server import check_address
    from api.run.serving import serve as run

    settings = _settings(index=index, collection=collection, host=host, port=port, workers=workers)
    check_address(settings)
    if settings.workers > 1:  # each of them opens the index for itself
        from suanlian.preparing import prepare

        assistant, examples = None, prepare(settings, collection)
    else:
        assistant, examples = opened(settings, collection)
    run(
        settings,
        assistant=assistant,
        examples=examples,
        ready=lambda url: console.print_note(f"{url}  (Ctrl+C 停止 to stop)", mark="✓ "),
    )


def _others(paths: list[Path], settings: Settings) -> list[Document]:
    """The documents of the index that a build from ``paths`` does not name."""
    from rag import IndexError_, find_files, store_of

    try:
        held = store_of(settings).view().documents()
    except IndexError_:
        return []
    named = {key for _, key in find_files(paths)}
    return [document for document in held if document.key not in named]


def _unnamed(others: list[Document], settings: Settings) -> InputError:
    from rag import InputError

    count, first = len(others), others[0].key
    return InputError(
        f"The index at {settings.index} holds {count} documents that are not named here ({first}, …). Add --keep to keep them, --replace to remove them, or name another --index.",
        f"{settings.index} 的索引里还有 {count} 个这次没有写明的文档（{first} 等）。加 --keep 保留，加 --replace 移除，或用 --index 换一个索引。",
    )


@app.command()
def doctor(
    index: IndexOption = None,
    collection: CollectionOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="修复能修复的 mend what can be mended")] = False,
    as_json: JsonOption = False,
) -> None:
    """检查安装、模型和索引。 What is wrong with this installation, model or index, and how to mend it."""
    from suanlian.doctor import examine

    findings = examine(_settings(index=index, collection=collection), repair=repair)
    if as_json:
        console.print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            console.print_finding(finding.ok, f"{finding.name}: {finding.message}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


documents.register(app)
app.command()(batch)
app.command(name="eval")(evaluate)
app.command()(mcp)
app.add_typer(bench)
app.add_typer(judge)
