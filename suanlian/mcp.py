"""``suanlian mcp``: the MCP server on stdin and stdout."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from suanlian import console
from suanlian.options import CollectionOption, IndexOption

if TYPE_CHECKING:
    from rag import Assistant


def mcp(
    index: IndexOption = None,
    collection: CollectionOption = None,
) -> None:
    """在标准输入输出上提供 MCP 服务，供 Claude、Cursor 等程序启动。 The MCP server on stdio, for a program that starts it.

    标准输出只有协议内容，提示和日志在标准错误输出。 Nothing but the protocol on stdout; notes and logs on stderr.
    """
    from api.mcp import run_stdio
    from api.watch.logs import log_to_stderr
    from rag import Assistant, SuanlianError, load_settings, store_of

    settings = load_settings(index=index, collection=collection)
    store = store_of(settings)
    if index is not None or collection is not None:
        store.view()  # what is named must be there, and is told at once where it is not
    elif not store.exists():
        console.print_note(f"第一次使用：建立索引 first start: building the index at {settings.index}")

    def opened() -> Assistant:
        try:
            return Assistant.open(settings=settings, progress=console.print_note)
        except SuanlianError as error:
            console.print_error(error.en, error.zh)
            raise

    # Ctrl+C ends it at once: the thread that waits for stdin cannot be interrupted, and there is nothing to put away.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    log_to_stderr(settings)
    run_stdio(settings, opened)
