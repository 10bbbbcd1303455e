"""The bundled questions are well formed, and their golds stand in the bundled corpus, word for word.

That a question marked unanswerable truly has no answer was checked by reading; what can be checked here is
that it claims nothing.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SPLITS = ("dev", "test")
KINDS = set(
    "list fact number definition why compare multi company followup colloquial alias typo traditional english "
    "unanswerable".split()
)
FIELDS = {"id", "question", "history", "kind", "segment", "split", "points", "items", "answerable"}
MIN_QUESTIONS, MIN_UNANSWERABLE = 100, 25  # in either split

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−～~"), "-")


def rendered(path: Path) -> str:
    """A corpus file as plain text: without front matter and without emphasis marks."""
    return re.sub(r"\A---\n.*?\n---\n", "", path.read_text(encoding="utf-8"), flags=re.DOTALL).replace("**", "")


def normalise(text: str) -> str:
    """One spelling for what differs only in width, case, thousands separators, spaces or dashes."""
    text = re.sub(r"(?<=\d)[,，](?=\d{3}(?!\d))", "", text)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).casefold().translate(DASHES))


def read(split: str) -> list[dict[str, Any]]:
    lines = (ROOT / "evals" / "questions" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


CORPUS = {path.stem: rendered(path) for path in sorted((ROOT / "corpus").glob("*.md"))}
BY_SPLIT = {split: read(split) for split in SPLITS}
QUESTIONS = [row for split in SPLITS for row in BY_SPLIT[split]]

each_question = pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: str(row["id"]))


@pytest.mark.parametrize("split", SPLITS)
def test_there_are_enough_questions_in_each_split(split: str) -> None:
    assert len(BY_SPLIT[split]) >= MIN_QUESTIONS
    assert sum(row["kind"] == "unanswerable" for row in BY_SPLIT[split]) >= MIN_UNANSWERABLE


@pytest.mark.parametrize("field", ["id", "question"])
def test_nothing_stands_twice(field: str) -> None:
    # A follow-up may repeat another's words after a different history, so the history counts as part of the question.
    keys = Counter(
        (normalise(row[field]), json.dumps(row["history"]) if field == "question" else "") for row in QUESTIONS
    )
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("split", SPLITS)
def test_split_is_the_file_it_stands_in(split: str) -> None:
    assert {row["split"] for row in BY_SPLIT[split]} == {split}
    assert [row["id"] for row in BY_SPLIT[split] if not row["id"].startswith(f"{split}-")] == []


@pytest.mark.parametrize("split", SPLITS)
def test_every_kind_and_every_segment_stands_in_both_splits(split: str) -> None:
    assert {row["kind"] for row in BY_SPLIT[split]} == KINDS
    assert {row["segment"] for row in BY_SPLIT[split]} == {*CORPUS, "none"}
    assert {row["segment"] for row in BY_SPLIT[split] if row["answerable"]} == set(CORPUS)


def test_no_test_question_asks_for_what_a_dev_question_asks_for() -> None:
    def golds(split: str) -> set[tuple[str, frozenset[str]]]:
        return {
            (row["segment"], frozenset(normalise(point["any_of"][0]) for point in row["points"]))
            for row in BY_SPLIT[split]
            if row["answerable"]
        }

    assert golds("dev") & golds("test") == set()


@each_question
def test_form(row: dict[str, Any]) -> None:
    assert set(row) == (FIELDS if row["answerable"] else FIELDS | {"why"})
    assert row["question"].strip() == row["question"] != ""
    assert row["answerable"] is (row["kind"] != "unanswerable")
    roles = [turn["role"] for turn in row["history"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2)
    assert all(turn["content"].strip() for turn in row["history"])
    if row["kind"] == "followup":
        assert roles


@each_question
def test_points_and_items(row: dict[str, Any]) -> None:
    if not row["answerable"]:
        assert (row["points"], row["items"]) == ([], None)
        assert row["why"].strip()
        return
    assert row["points"]
    for point in row["points"]:
        assert set(point) == {"any_of", "evidence"}
        assert all(wording.strip() for wording in point["any_of"])
    if row["kind"] == "list":
        assert row["items"]
    if row["items"] is not None:
        assert row["items"] == ["|".join(point["any_of"]) for point in row["points"]]


@each_question
def test_evidence_stands_in_the_corpus_and_carries_its_point(row: dict[str, Any]) -> None:
    for point in row["points"]:
        assert point["evidence"]
        for words in point["evidence"]:
            assert any(words in text for text in CORPUS.values()), f"not in the corpus: {words}"
            assert "。" not in words.removesuffix("。"), f"more than one sentence: {words}"
            assert "\n" not in words
        spans = [normalise(words) for words in point["evidence"]]
        wordings = [normalise(wording) for wording in point["any_of"]]
        assert any(wording in span for wording in wordings for span in spans), f"not carried: {point['any_of']}"
    if row["answerable"]:
        segment = CORPUS[row["segment"]]
        assert any(words in segment for point in row["points"] for words in point["evidence"])
