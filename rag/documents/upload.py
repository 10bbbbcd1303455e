"""Bytes that came over the wire → Document."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

from rag.documents.assemble import described
from rag.documents.load import load_bytes
from rag.errors import FileError
from rag.types import Document

MAX_NAME = 255  # characters


def load_upload(
    name: str,
    data: bytes,
    *,
    key: str = "",
    title: str = "",
    source: str = "",
    publisher: str = "",
    derived_from: str = "",
    published: str = "",
    tags: Sequence[str] = (),
) -> Document:
    """The document in a file given as bytes, read by the parser that its suffix names, as a file of a folder is.

    >>> load_upload("..\\\\notes\\\\tea.txt", "绿茶产于云岭。".encode(), tags=["茶"]).key
    'tea.txt'

    Args:
        name: the file's name as its sender says it. It is a label: folders in it are left out and nothing is opened.
        key: the sender's own name for the document; the file's name unless given. The rest: what the sender says of
            the document, in place of what is read in it; ``published`` is an ISO date.

    Raises:
        FileError: the file cannot be read as what its name says. InputError: ``published`` is not a date.
    """
    label = _label(name)
    tags = tuple(tags)
    document = load_bytes(data, name=label, key=_key(key) or label)
    return described(
        document,
        title=title,
        source=source,
        publisher=publisher,
        derived_from=derived_from,
        published=published,
        tags=tags,
    )


def _label(name: str) -> str:
    label = PurePosixPath(_plain(name).replace("\\", "/")).name
    stem, suffix = PurePosixPath(label).stem, PurePosixPath(label).suffix
    if not label or label == "..":
        raise FileError(
            "A file was sent without a name; its suffix says what it holds: send one such as notes.pdf.",
            "有一个文件没有名称；后缀决定读取方式，请给出如 notes.pdf 的名称。",
            param="file",
        )
    return label if len(label) <= MAX_NAME else stem[: MAX_NAME - len(suffix)] + suffix[:MAX_NAME]


def _key(key: str) -> str:
    return _plain(key)[: 4 * MAX_NAME]


def _plain(text: str) -> str:
    """Without control characters and halves of surrogate pairs, which nothing could store or show."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs")).strip()
