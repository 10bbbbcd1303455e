"""The bundled corpus says what its source says: every name, figure, term and relation of facts.json stands in the right file.

facts.json was read off the source article independently of the corpus. An entry may hold alternatives
(``"八大|8个"``): one of them is enough, the first is as printed. A relation is a triple whose parts must
stand together in one sentence, one table row (read with its header row), or, where one part is a word of
ownership, one paragraph.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

CORPUS = Path(__file__).parents[2] / "corpus"
FACTS: dict[str, dict[str, list[Any]]] = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))
STEMS = (
    "overview",
    "ai-chips",
    "liquid-cooling",
    "optical-modules",
    "copper-links",
    "switches",
    "rack-power",
    "ups-hvdc",
    "backup-power",
    "operating-systems",
    "compute-scheduling",
    "cloud",
    "idc",
    "applications",
)
LISTS = [(kind, stem) for kind, by_stem in FACTS.items() for stem in by_stem]
WORD_LISTS = [(kind, stem) for kind, stem in LISTS if kind != "relations"]

OWNERSHIP = ("子公司", "旗下")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−～~"), "-")
QUOTES = dict.fromkeys(map(ord, "“”「」『』"), '"')
ORDINALS = {"第" + word: f"第{number}" for number, word in enumerate("一二三四五六七八九", start=1)}


def normalise(text: str) -> str:
    """One spelling for what differs only in width, case, spaces, emphasis, dashes, quotes or digit grouping."""
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)  # before NFKC, which turns a Chinese comma into this one
    text = unicodedata.normalize("NFKC", text).translate(DASHES).translate(QUOTES)
    text = re.sub(r"[*`]+", "", text).casefold()
    text = re.sub(r"(?<![a-z])\s+|\s+(?![a-z\s])", "", text)  # a space stays between two Latin words only
    text = re.sub(r"-{2,}", "-", text)
    return re.sub(r"第[一二三四五六七八九](?!十)", lambda match: ORDINALS[match.group()], text)


def stands_in(entry: str, text: str) -> bool:
    """Whether one of the entry's alternatives occurs in normalised text as a whole number or Latin word."""
    for alternative in entry.split("|"):
        needle = normalise(alternative)
        before = r"(?<!\d)(?<!\d\.)" if needle[0].isdigit() else r"(?<![a-z])" if needle[0].isascii() else ""
        after = r"(?!\d|\.\d)" if needle[-1].isdigit() else r"(?![a-z])" if needle[-1].isascii() else ""
        if re.search(before + re.escape(needle) + after, text):
            return True
    return False


def read(stem: str) -> tuple[dict[str, Any], str]:
    """A corpus file's front matter and body."""
    text = (CORPUS / f"{stem}.md").read_text(encoding="utf-8")
    match = re.match(r"---\n(.*?)\n---\n(.*)", text, flags=re.DOTALL)
    assert match, f"corpus/{stem}.md has no front matter: begin it with a block between two lines of ---"
    return yaml.safe_load(match.group(1)), match.group(2)


def paragraphs(body: str) -> Iterator[str]:
    """Blocks of the body: paragraphs, list items, and table rows each behind its header row."""
    for block in re.split(r"\n\s*\n", body):
        lines = block.strip().splitlines()
        if not lines:
            continue
        if lines[0].lstrip().startswith("|"):
            yield from (f"{lines[0]} {row}" for row in lines[1:] if not re.fullmatch(r"[|:\-\s]+", row))
        else:
            yield from re.split(r"\n(?=\s*(?:[-*+]|\d+\.|#+)\s)", block)


def sentences(paragraph: str) -> list[str]:
    """A paragraph's sentences; a table row is one."""
    return [paragraph] if paragraph.startswith("|") else re.split(r"(?<=[。！？])", paragraph)


def holds(relation: list[str], body: str) -> bool:
    """Whether all parts of a relation stand together in the body."""
    by_paragraph = any(word in part for part in relation for word in OWNERSHIP)
    for paragraph in paragraphs(body):
        for scope in [paragraph] if by_paragraph else sentences(paragraph):
            text = normalise(scope)
            if all(stands_in(part, text) for part in relation):
                return True
    return False


@pytest.mark.parametrize(("kind", "stem"), WORD_LISTS)
def test_every_name_figure_and_term_is_in_its_file(kind: str, stem: str) -> None:
    text = normalise(read(stem)[1])
    missing = [entry for entry in FACTS[kind][stem] if not stands_in(entry, text)]
    assert not missing, f"corpus/{stem}.md lacks {len(missing)} {kind}: {'  '.join(missing)}"


@pytest.mark.parametrize("stem", FACTS["relations"])
def test_every_relation_is_stated_in_its_file(stem: str) -> None:
    body = read(stem)[1]
    missing = [relation for relation in FACTS["relations"][stem] if not holds(relation, body)]
    listed = "\n".join("  " + " + ".join(relation) for relation in missing)
    assert not missing, f"corpus/{stem}.md does not say {len(missing)} relations in one sentence or row:\n{listed}"


@pytest.mark.parametrize("stem", STEMS)
def test_front_matter_says_where_the_text_comes_from(stem: str) -> None:
    meta = read(stem)[0]
    empty = [key for key in ("title", "source", "publisher", "published", "derived_from", "tags") if not meta.get(key)]
    assert not empty, f"corpus/{stem}.md: front matter lacks {empty}"
    assert meta["published"] in (date(2025, 4, 30), "2025-04-30")
    assert "转述自" in meta["derived_from"]
    assert isinstance(meta["tags"], list)


def test_bundled_files_are_exactly_those_of_the_facts() -> None:
    assert sorted(path.name for path in CORPUS.glob("*.md")) == sorted(f"{stem}.md" for stem in STEMS)


@pytest.mark.parametrize(("kind", "stem"), LISTS)
def test_lists_of_facts_are_sound(kind: str, stem: str) -> None:
    entries = FACTS[kind][stem]
    assert stem in STEMS
    assert entries
    keys = [json.dumps(entry, ensure_ascii=False) for entry in entries]
    assert len(set(keys)) == len(keys), f"{kind}/{stem} repeats {sorted({key for key in keys if keys.count(key) > 1})}"
    if kind == "relations":
        assert all(len(relation) == 3 and all(relation) for relation in entries)


def test_every_file_has_names_terms_and_relations() -> None:
    """Figures are left out: a segment may have none."""
    assert all(set(FACTS[kind]) == set(STEMS) for kind in ("names", "terms", "relations"))


@pytest.mark.parametrize(
    ("entry", "text", "expected"),
    [
        ("1760亿美元", "约 1,760 亿美元", True),
        ("20%-30%", "２０％～３０％", True),
        ("第1", "位列第一", True),
        ("第1", "位列第十", False),
        ("6个", "共 16 个", False),
        ("IDC", "建设AIDC机房", False),
        ("八大|8个", "设 8 个节点", True),
        ("2.5Gbit/s", "12.5 Gbit/s", False),
        ("2.5Gbit/s", "达到 2.5 Gbit/s", True),
        ("ARM", "AMD 与 ARM GPU", True),
        ("WiNEX Copilot", "推出 WiNEX  Copilot 产品", True),
    ],
)
def test_matching_ignores_spelling_but_not_value(entry: str, text: str, expected: bool) -> None:
    assert stands_in(entry, normalise(text)) is expected


def test_a_relation_needs_one_sentence_and_ownership_one_paragraph() -> None:
    assert not holds(["甲公司", "乙公司", "布局"], "甲公司成立较早。乙公司布局较晚。")
    assert holds(["甲公司", "乙公司", "子公司"], "甲公司成立较早。乙公司是它的子公司。")
    assert holds(["甲公司", "35%", "份额"], "| 厂商 | 份额 |\n|---|---|\n| 甲公司 | 35% |")
