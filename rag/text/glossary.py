"""A user's glossary: names that stand for one thing, read from a plain file.

One group a line, its names parted by commas, tabs, ``、``, ``;`` or ``=``, in Chinese or ASCII form; ``#`` begins a
comment. A CSV file as a spreadsheet saves it is read the same way::

    # other names
    甲乙丙科技股份有限公司, 甲乙丙科技, 甲乙丙
    断层扫描、CT
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

from rag.errors import SettingError
from rag.text.normalize import folded

_PARTED = re.compile(r"[,，、;；=＝\t]")
_LONGEST = 60  # characters of a name
_MAX_BYTES = 5_000_000

Groups = tuple[tuple[str, ...], ...]


def read_glossary(path: Path) -> Groups:
    """The groups of a glossary file, each name folded; names that fold alike count once.

    Raises:
        SettingError: the file is missing, not UTF-8 or too large; a line holds one name only, or one too long, or a name
            that an earlier line gives to another group. Each names the file and the line.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _wrong(path, 0, f"is larger than {_MAX_BYTES:,} bytes", f"超过 {_MAX_BYTES:,} 字节")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(path, 0, "is not UTF-8; save it as UTF-8", "不是 UTF-8 编码，请另存为 UTF-8") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _wrong(path, 0, f"cannot be read: {why}", f"无法读取：{why}") from None
    groups: list[tuple[str, ...]] = []
    first_at: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        names = _names(line)
        if not names:
            continue
        if len(names) < 2:
            raise _wrong(path, number, f"names only {names[0]!r}; write what else it is called, after a comma", f"只有“{names[0]}”一个名字；请用逗号隔开写上别名")  # fmt: skip
        for name in names:
            if len(name) > _LONGEST:
                raise _wrong(path, number, f"holds a name of {len(name)} characters; at most {_LONGEST}", f"有一个名字长 {len(name)} 字，最多 {_LONGEST} 字")  # fmt: skip
            if name in first_at:
                raise _wrong(path, number, f"gives {name!r} again, which line {first_at[name]} has; put them on one line", f"又写了“{name}”，第 {first_at[name]} 行已有；请并为一行")  # fmt: skip
        first_at.update(dict.fromkeys(names, number))
        groups.append(names)
    return tuple(groups)


def pairs(groups: Iterable[tuple[str, ...]]) -> tuple[tuple[str, str], ...]:
    """Every two names of a group, in both orders, as a lexicon takes them."""
    return tuple(pair for group in groups for pair in permutations(group, 2))


def _names(line: str) -> tuple[str, ...]:
    """The names on a line, folded, in order; none for an empty line or a comment."""
    line = re.split(r"(?:^|\s)#", line)[0]
    names = (re.sub(r"\s+", " ", folded(part)).strip().strip('"').strip() for part in _PARTED.split(line))
    return tuple(dict.fromkeys(name for name in names if name))


def _wrong(path: Path, line: int, en: str, zh: str) -> SettingError:
    place, where = (f", line {line}," if line else "", f"第 {line} 行" if line else "")
    return SettingError(f"The glossary {path}{place} {en}.", f"词表 {path} {where}{zh}。", param="glossary")
