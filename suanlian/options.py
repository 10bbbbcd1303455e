"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

IndexOption = Annotated[
    Path | None, typer.Option("--index", help="索引所在的文件夹 folder of the indexes", show_default="RAG_INDEX")
]
CollectionOption = Annotated[
    str | None, typer.Option("--collection", help="集合的名称 name of the collection", show_default="default")
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用 print JSON for programs")]
