"""File → Document: which files are documents, and which parser reads which.

>>> load_bytes("# 显存\\n\\n显存越大越好。".encode(), name="memory.md").title
'显存'
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from rag.documents import docx, html, markdown, plain
from rag.documents.assemble import assemble, document_id
from rag.documents.clean import clean
from rag.documents.decode import described, signature
from rag.documents.pieces import Draft
from rag.errors import FileError, NoDocumentsError
from rag.types import Document

__all__ = ["MAX_BYTES", "SUFFIXES", "document_id", "file_suffixes", "find_files", "load_bytes", "load_file"]

MAX_BYTES = 200_000_000


def _pdf(data: bytes, key: str) -> Draft:
    from rag.documents import pdf  # its parser takes a tenth of a second to import, which answering does not need

    return pdf.parse(data, key)


_PARSERS: dict[str, Callable[[bytes, str], Draft]] = {
    ".md": markdown.parse,
    ".markdown": markdown.parse,
    ".txt": plain.parse,
    ".text": plain.parse,
    ".html": html.parse,
    ".htm": html.parse,
    ".pdf": _pdf,
    ".docx": docx.parse,
}
SUFFIXES: frozenset[str] = frozenset(_PARSERS)
_SIGNED = {".pdf": "PDF", ".docx": "ZIP"}  # what a file of this suffix must begin as; all others are text


def file_suffixes() -> tuple[str, ...]:
    """The suffixes of the files that are read, sorted; lower case, each with its dot."""
    return tuple(sorted(SUFFIXES))


def load_file(path: Path, *, key: str | None = None) -> Document:
    """The document in a file. ``key`` is the file's name unless given.

    Raises:
        FileError: the file cannot be opened, or not be read as what its name says (see ``load_bytes``).
    """
    key = path.name if key is None else key
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _too_large(key)
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a valid path"
        raise FileError(
            f"{key} cannot be opened ({reason}); check the path and its permissions.",
            f"无法打开 {key}（{reason}）；请检查路径和权限。",
        ) from error
    return load_bytes(data, name=path.name, key=key)


def load_bytes(data: bytes, *, name: str, key: str | None = None) -> Document:
    """The document in ``data``, whose format the suffix of ``name`` says and the content must bear out.

    Args:
        name: a file name, or a path; its stem is the title of a document that has no other.
        key: the caller's own name for the document; ``name`` unless given.

    Raises:
        FileError: an unknown suffix, content of another format, damaged, encrypted, undecodable, too large (more than
            ``MAX_BYTES``), or with no content in it.
    """
    key = name if key is None else key
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _PARSERS:
        raise _unknown_suffix(key)
    if len(data) > MAX_BYTES:
        raise _too_large(key)
    if not data.strip():
        raise FileError(f"{key} is empty; add text to it or leave it out.", f"{key} 是空文件；请补充内容或不要加入。")
    _check_signature(data, suffix, key)
    try:
        draft = clean(_PARSERS[suffix](data, key))
    except FileError:
        raise
    except Exception as error:  # parsers fail on damaged input in ways beyond listing; each is the file's fault
        raise FileError(
            f"{key} cannot be read as {suffix[1:].upper()}, most likely it is damaged; save it anew and try again.",
            f"{key} 无法按 {suffix[1:].upper()} 读取，文件可能已损坏；请重新保存后再试。",
        ) from error
    if not draft.pieces:
        raise FileError(
            f"{key} holds no text besides links, pictures and the like; add text to it or leave it out.",
            f"{key} 除链接、图片等之外没有正文；请补充内容或不要加入。",
        )
    return assemble(draft, key=key, stem=PurePosixPath(name).stem)


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """The documents among files and below folders, with the key of each, sorted by key.

    A key is the POSIX path below the folder given, or the name of a file given itself. Hidden files and folders are
    skipped, and so are files named ``README*`` that lie directly in a folder given.

    Raises:
        FileError: a path does not exist, a file given is of an unknown format, or two files have one key.
        NoDocumentsError: there is none.
    """
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise FileError(f"{path} does not exist; check the path.", f"{path} 不存在；请检查路径。")
        if path.is_file() and path.suffix.lower() not in SUFFIXES:
            raise _unknown_suffix(path.name)
        for file, key in _below(path) if path.is_dir() else [(path, path.name)]:
            other = found.setdefault(key, file)
            if other.resolve() != file.resolve():
                raise FileError(
                    f"Two files would both be known as {key}; give the folder that holds both instead.",
                    f"有两个文件都会被称为 {key}；请改为给出同时包含二者的文件夹。",
                )
    if not found:
        raise NoDocumentsError(
            f"There is no document to read; files with these suffixes are read: {_suffixes()}.",
            f"没有可读取的文档；支持的文件后缀：{_suffixes()}。",
        )
    return [(file, key) for key, file in sorted(found.items())]


def _below(folder: Path) -> list[tuple[Path, str]]:
    found = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            file = Path(root, name)
            readme = Path(root) == folder and name.upper().startswith("README")
            if file.suffix.lower() in SUFFIXES and not name.startswith(".") and not readme and file.is_file():
                found.append((file, file.relative_to(folder).as_posix()))
    return found


def _check_signature(data: bytes, suffix: str, key: str) -> None:
    wanted, actual = _SIGNED.get(suffix, ""), signature(data)
    if wanted == "PDF" and b"%PDF-" in data[:1024]:
        return
    if wanted == actual:
        return
    what = described(actual) if actual else "something else"
    raise FileError(
        f"{key} is named {suffix} but holds {what}; give it the suffix that fits, or convert it to {suffix}.",
        f"{key} 的后缀是 {suffix}，内容却是{actual or '其他格式'}；请改用相符的后缀，或转换成 {suffix}。",
    )


def _suffixes() -> str:
    return " ".join(file_suffixes())


def _unknown_suffix(key: str) -> FileError:
    return FileError(
        f"{key} is of a format that is not read; files with these suffixes are: {_suffixes()}.",
        f"{key} 的格式不受支持；支持的文件后缀：{_suffixes()}。",
    )


def _too_large(key: str) -> FileError:
    limit = MAX_BYTES // 1_000_000
    return FileError(
        f"{key} is larger than {limit} MB; split it and try again.", f"{key} 超过 {limit} MB；请拆分后重试。"
    )
