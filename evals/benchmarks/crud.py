"""CRUD-RAG's news articles: what else lies in an index, for distraction and for scale.

Lyu et al., "CRUD-RAG: A Comprehensive Chinese Benchmark for Retrieval-Augmented Generation", 2024. One article a line,
plain or gzipped.
"""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from evals.benchmarks.squad import Paragraph
from rag import FileError, document_from_text, split

_GZIP = b"\x1f\x8b"


def load_news(path: Path, passages: int, *, max_chars: int) -> tuple[Paragraph, ...]:
    """The file's first articles, as many as give ``passages`` passages (all, where there are not so many).

    Args:
        max_chars: longest passage, as the index will cut them.

    Raises:
        FileError: it cannot be read, or holds no text.
    """
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise FileError(
            f"{path.name} cannot be read as text ({reason}). Give news articles, one a line, plain or gzipped.",
            f"{path.name} 无法按文本读取（{reason}）。请给出每行一篇的新闻，纯文本或 gzip 压缩。",
        ) from error
    taken: list[Paragraph] = []
    held = 0
    for number, line in enumerate(text.splitlines()):
        if held >= passages:
            break
        if line.strip():
            taken.append(Paragraph(f"news-{number}", "", line.strip()))
            held += len(split(document_from_text(line.strip(), key=f"news-{number}"), max_chars=max_chars))
    if not taken:
        raise FileError(f"{path.name} holds no text.", f"{path.name} 里没有文字。")
    return tuple(taken)
