"""The YAML between ``---`` lines at the top of a Markdown file."""

from __future__ import annotations

import datetime
import re

import yaml

from rag.documents.pieces import Draft, flat
from rag.errors import FileError

FIELDS = ("title", "source", "publisher", "published", "derived_from", "tags")
MAX_CHARS = 65_536

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?(?!\d)")


def read(text: str, key: str) -> tuple[Draft, str]:
    """The metadata of ``text`` as an empty draft, and the body below it.

    Raises:
        FileError: the front matter is no YAML mapping, or a field of it has no sensible value.
    """
    draft = Draft()
    lines = text.split("\n", 1)
    if lines[0].rstrip() != "---" or len(lines) == 1:
        return draft, text
    end = re.search(r"^(?:---|\.\.\.)[ \t]*$", lines[1][: MAX_CHARS + 4], re.M)
    if end is None:
        if re.match(r"\s*[A-Za-z_]+:(\s|$)", lines[1]):
            raise _bad(key, "it begins with --- but never ends", "以 --- 开头，却没有结尾的 ---")
        return draft, text  # a thematic break, nothing more
    try:
        loaded = yaml.safe_load(lines[1][: end.start()])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _bad(key, "it is not valid YAML", "不是合法的 YAML") from error
    if loaded is not None and not isinstance(loaded, dict):
        raise _bad(key, "it is not a list of `name: value` lines", "不是“名称: 值”的形式")
    for name in FIELDS:
        value = (loaded or {}).get(name)
        if value is not None:
            setattr(draft, "stated_title" if name == "title" else name, _value(name, value, key))
    return draft, lines[1][end.end() :]


def iso_date(text: str) -> str:
    """The first date in ``text`` as ``YYYY-MM-DD``, or "" if there is none that exists."""
    found = _DATE.search(text)
    if found is None:
        return ""
    try:
        return datetime.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return ""


def _value(name: str, value: object, key: str) -> str | tuple[str, ...]:
    if name == "tags":
        if isinstance(value, str):
            value = re.split(r"[,，、]", value)
        if isinstance(value, list) and all(isinstance(tag, (str, int, float)) for tag in value):
            return tuple(dict.fromkeys(flat(str(tag)) for tag in value if flat(str(tag))))
        raise _bad(key, "`tags` is not a list of words", "tags 应是词语列表")
    if name == "published":
        if isinstance(value, datetime.datetime):
            return value.date().isoformat()
        if isinstance(value, datetime.date):
            return value.isoformat()
        date = iso_date(str(value))
        if not date:
            raise _bad(key, "`published` is not a date such as 2025-01-31", "published 应是 2025-01-31 这样的日期")
        return date
    if isinstance(value, (str, int, float, datetime.date)):
        return flat(str(value))
    raise _bad(key, f"`{name}` is not a line of text", f"{name} 应是一行文字")


def _bad(key: str, en: str, zh: str) -> FileError:
    return FileError(
        f"The front matter of {key} cannot be read: {en}; correct it or remove it.",
        f"{key} 的文首元数据无法读取：{zh}；请改正或删去。",
    )
