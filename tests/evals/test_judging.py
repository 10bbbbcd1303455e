"""Statements drawn by lot, and what a reader's judgements of them say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from evals.judging import UNCITED, Drawn, Pair, draw, judged, told
from evals.statements import WrittenStatement
from evals.statistics import wilson
from rag import InputError
from tests.evals.model_samples import DROPPED, KEPT, MOVED, REPLACED, statement

# Of ten: four kept, two replaced, two moved, two dropped.
TEN = [statement(n, (KEPT, REPLACED, MOVED, DROPPED, KEPT)[n % 5]) for n in range(10)]
MANY = [statement(n, (KEPT, REPLACED, MOVED, DROPPED, KEPT)[n % 5]) for n in range(500)]


def read(pairs: list[Pair], supports: Callable[[Pair], bool | None]) -> list[Pair]:
    return [replace(pair, supported=supports(pair)) for pair in pairs]


def honest(pair: Pair) -> bool:
    """A reader who sees that 1890 is not 1880, and that the owner stands in another sentence."""
    sentences = " ".join(pair.sentences)
    return "1890" not in pair.text and ("主人" not in pair.text or "主人" in sentences)


def test_as_many_before_as_after_and_the_same_for_one_seed() -> None:
    pairs, key = draw(MANY, 40, 7)
    assert (pairs, key) == draw(MANY, 40, 7)
    assert key != draw(MANY, 40, 8)[1]
    assert sum(bool(each.written) for each in key) == sum(bool(each.said) for each in key) == 40
    outcome = {each.id: each.outcome for each in MANY}
    assert all(each.outcome == outcome[each.statement] for each in key)
    assert not any(each.said for each in key if each.outcome == "dropped")


def test_the_lot_favours_no_outcome() -> None:
    drawn = [each.outcome for seed in range(60) for each in draw(MANY, 50, seed)[1] if each.written]
    assert drawn.count("kept") / len(drawn) == pytest.approx(0.4, abs=0.03)
    assert drawn.count("dropped") / len(drawn) == pytest.approx(0.2, abs=0.03)


def test_a_row_does_not_say_what_the_check_made_of_it_and_one_pair_is_read_once() -> None:
    pairs, key = draw(TEN, 100, 7)
    # Kept: one pair for both; replaced and moved: two; dropped, which named no sentence: none.
    assert len(pairs) == 4 + 2 * 2 + 2 * 2
    kept = [each for each in key if each.outcome == "kept"]
    assert all(each.written == each.said for each in kept)
    assert [each.written for each in key if each.outcome == "dropped"] == [UNCITED] * 2
    assert {pair.id for pair in pairs} == {f"{n:03d}" for n in range(1, 13)}
    assert not any(word in str(pair) for pair in pairs for word in ("kept", "replaced", "moved", "dropped", "number"))
    assert all(pair.supported is None for pair in pairs)


def test_headings_are_read_with_the_sentence() -> None:
    one = replace(TEN[0], named_sections=(("磨坊", "历史"),))
    pairs, _ = draw([one], 1, 7)
    assert any(pair.sentences == ("〔磨坊 › 历史〕磨坊建于1880年，坐落在河边。",) for pair in pairs)


def test_faithfulness_before_and_after_is_the_reader_s() -> None:
    pairs, key = draw(TEN, 100, 7)
    found = judged(read(pairs, honest), key)
    assert (found["before"]["judged"], found["before"]["supported"], found["before"]["uncited"]) == (10, 4, 2)
    assert found["before"]["faithfulness"] == 0.4
    assert found["before"]["ci"] == wilson(4, 10)
    assert (found["after"]["judged"], found["after"]["faithfulness"]) == (8, 1.0)
    assert found["after_by_outcome"]["moved"]["supported"] == 2
    assert found["outcomes"] == {"kept": 4, "replaced": 2, "moved": 2, "dropped": 2}
    assert (found["check"]["precision"]["share"], found["check"]["recall"]["share"]) == (1.0, 1.0)


def test_the_check_s_own_verdicts_do_not_move_faithfulness() -> None:
    def but(outcome: str) -> list[WrittenStatement]:
        return [replace(each, outcome=outcome, said=each.said or each.text, quotes=each.named) for each in TEN]

    shares = set()
    for outcome in ("kept", "moved"):
        pairs, key = draw(but(outcome), 100, 7)
        shares.add(judged(read(pairs, honest), key)["before"]["faithfulness"])
    assert shares == {0.4}


def test_the_check_is_held_against_the_reader() -> None:
    pairs, key = draw(TEN, 100, 7)
    found = judged(read(pairs, lambda pair: True), key)["check"]
    assert found["precision"] == {"share": 1.0, "ci": wilson(4, 4), "yes": 4, "of": 4}
    assert found["recall"] == {"share": 0.5, "ci": wilson(4, 8), "yes": 4, "of": 8}
    found = judged(read(pairs, lambda pair: False), key)["check"]
    assert (found["precision"]["share"], found["recall"]["share"]) == (0.0, None)


def test_what_is_not_judged_is_told_and_not_counted() -> None:
    pairs, key = draw(TEN, 100, 7)
    found = judged(read(pairs, lambda pair: True if pair.id == "001" else None), key)
    assert found["before"]["unjudged"] + found["before"]["judged"] == 10
    assert found["after"]["faithfulness"] in (1.0, None)
    assert any("not judged" in line for line in told(found))
    nothing = judged(pairs, [each for each in key if each.written != UNCITED])
    assert nothing["before"]["faithfulness"] is None
    assert "尚未判读" in told(nothing)[0]


def test_a_row_that_is_gone_is_missed() -> None:
    pairs, key = draw(TEN, 100, 7)
    with pytest.raises(InputError, match="lacks rows of its key"):
        judged(pairs[1:], key)
    assert judged([], [Drawn("q.1", "dropped", "", UNCITED, "")])["before"]["faithfulness"] == 0.0


def test_nothing_to_draw_from() -> None:
    with pytest.raises(InputError, match="--mode llm"):
        draw([], 10, 7)
