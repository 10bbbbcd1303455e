"""Reading RGB's files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.benchmarks.rgb import chosen, load_rgb, passages
from rag import FileError


def test_parts_have_wordings_and_groups_passages(rgb_file: Path) -> None:
    two, one = load_rgb(rgb_file)
    assert two.parts == (("8台", "八台"), ("15台",))
    assert [len(group) for group in two.groups] == [2, 1]
    assert one.parts == (("木头",),) and one.groups == (("风车由木头制成。",),)


def test_the_first_positives_have_one_of_every_group(rgb_file: Path) -> None:
    first = load_rgb(rgb_file)[0]
    assert first.positives == ("甲厂的水泵产量是8台。", "乙厂的水泵产量是15台。", "甲厂去年的水泵产量为八台。")


@pytest.mark.parametrize(
    ("count", "noise", "kinds"),
    [
        (3, 0.0, (3, 0)),
        (5, 0.4, (3, 2)),
        (5, 0.6, (2, 3)),
        (3, 1.0, (2, 1)),  # each group keeps one
        (6, 0.8, (3, 3)),  # only three negatives: positives fill up
        (5, 0.0, (3, 2)),  # only three positives: negatives fill up
    ],
)
def test_a_mix_has_the_share_of_noise_as_far_as_there_is(
    rgb_file: Path, count: int, noise: float, kinds: tuple[int, int]
) -> None:
    positives, negatives = load_rgb(rgb_file)[0].mixed(count, noise)
    assert (len(positives), len(negatives)) == kinds


def test_passages_of_the_other_form_are_one_group(tmp_path: Path) -> None:
    row = {"id": 7, "query": "问？", "answer": "答", "positive": ["甲。", "乙。"], "negative": ["丙。"]}
    path = tmp_path / "zh.json"
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (found,) = load_rgb(path)
    assert found.groups == (("甲。", "乙。"),) and found.parts == (("答",),)


def test_a_passage_of_two_questions_is_one_document(rgb_file: Path) -> None:
    found = passages(load_rgb(rgb_file))
    assert len(found) == 8 and len({paragraph.id for paragraph in found.values()}) == 8
    assert all(paragraph.text == text for text, paragraph in found.items())


def test_a_half_and_a_limit(rgb_file: Path) -> None:
    every = load_rgb(rgb_file)
    assert sorted(q.id for half in ("tune", "report") for q in chosen(every, half)) == ["0", "1"]  # type: ignore[arg-type]
    assert chosen(every, limit=1) == every[:1]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"query": "问"}', '{"data": []}'])
def test_another_file_is_refused_by_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FileError, match=r"other\.json"):
        load_rgb(path)


def test_a_file_that_is_not_there_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.json"):
        load_rgb(tmp_path / "none.json")
