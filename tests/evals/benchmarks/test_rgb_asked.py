"""RGB put to the library, with the encoder that needs no model."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from evals.benchmarks.halves import by_half, show
from evals.benchmarks.indexed import indexed
from evals.benchmarks.rgb import load_rgb, passages
from evals.benchmarks.rgb_asked import NOISE, RgbAsked, RgbAsker, ask_all, parts_stated
from evals.benchmarks.rgb_figures import as_rows, figures
from rag import Settings


@pytest.fixture
def asked(rgb_file: Path, tmp_path: Path) -> Iterator[list[RgbAsked]]:
    questions = load_rgb(rgb_file)
    paragraphs = passages(questions)
    with indexed(tuple(paragraphs.values()), Settings(model="hash", model_dir=tmp_path)) as made:
        ids = {text: made.documents[paragraph.id].id for text, paragraph in paragraphs.items()}
        yield ask_all(questions, RgbAsker(made, ids, count=4), lambda stage, done, total: None)


def test_a_question_is_answered_from_its_own_passages(asked: list[RgbAsked]) -> None:
    mills = asked[1]
    assert mills.positives.right and "木头" in mills.positives.answer.text
    assert mills.negatives.parts == 0
    allowed = {"风车由木头制成。", "水泵由铸铁制成。", "甲厂位于北方。"}
    assert {citation.quote for citation in mills.own.answer.citations} <= allowed
    assert mills.ranked[0] and mills.bm25_ranked[0]
    assert mills.bm25_best[0] > mills.bm25_best[1]


def test_noise_is_measured_as_it_was(asked: list[RgbAsked]) -> None:
    assert set(asked[0].noisy) == set(NOISE)
    assert asked[0].noisy[0.0].noise == 0.25  # three positives are all there is
    assert asked[0].noisy[0.4].noise == 0.5
    assert asked[0].negatives.noise == 1 and asked[0].positives.noise == 0


def test_urged_answers_are_never_refused_for_want_of_confidence(asked: list[RgbAsked]) -> None:
    for one in asked:
        assert one.urged[0].parts >= one.positives.parts


def test_a_part_is_stated_when_a_wording_stands_by_itself(asked: list[RgbAsked], rgb_file: Path) -> None:
    question = load_rgb(rgb_file)[0]
    answer = replace(asked[1].positives.answer, refused=False, items=())
    assert parts_stated(question, replace(answer, text="甲厂 8 台[1]，乙厂15台[2]。")) == 1
    assert parts_stated(question, replace(answer, text="甲厂18台，乙厂115台。")) == 0
    assert parts_stated(question, replace(answer, text="甲厂八台。")) == 0.5
    numbered = replace(question, parts=(("8",),))
    assert parts_stated(numbered, replace(answer, text="甲厂[8]在2018年，1.8台。")) == 0
    assert parts_stated(question, replace(answer, text="8台，15台", refused=True)) == 0


def test_figures_of_every_kind(asked: list[RgbAsked]) -> None:
    found = figures(asked)
    assert found["questions"] == 2
    assert found["integration"]["questions"] == 1  # one has several parts
    assert list(found["noise"]) == ["0.0", "0.2", "0.4", "0.6", "0.8"]
    assert 0 <= found["refusal"]["aurc"] <= 1
    assert found["retrieval"]["suanlian"]["hit@20"] == 1
    assert figures(asked[1:])["integration"] is None


def test_it_is_shown_and_kept(asked: list[RgbAsked]) -> None:
    shown = io.StringIO()
    show("tiny", by_half(asked, figures), Console(file=shown, width=120))
    assert "refusal: auroc" in shown.getvalue() and "noise: 0.8: every part" in shown.getvalue()
    rows = json.loads(json.dumps(as_rows(asked)))
    assert [row["id"] for row in rows] == ["0", "1"]
