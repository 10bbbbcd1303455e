"""Options that several commands have. ``rag`` is not imported for them: a command that only shows its help answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="索引所在的文件夹 folder of the indexes", show_default="RAG_INDEX")
]
CollectionOption = Annotated[
    str | None,
    typer.Option("--collection", help="资料集的名称 name of the collection", show_default="RAG_COLLECTION"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用 print JSON for programs")]
ModeOption = Annotated[
    Literal["auto", "extractive", "llm"],  # rag.Mode
    typer.Option(
        help="extractive 只用原文语句，llm 由语言模型撰写 the material's own statements, or a language model's"
    ),
]

# Of those that can ask a running service in place of an index.
UrlOption = Annotated[str | None, typer.Option("--url", help="改问运行中的服务 ask a running service instead")]
ApiKeyOption = Annotated[
    str, typer.Option("--api-key", envvar="SUANLIAN_API_KEY", help="服务的密钥 the service's key", show_default=False)
]
TimeoutOption = Annotated[
    float, typer.Option("--timeout", min=0.1, help="等服务答复的秒数 seconds to wait for the service")
]
