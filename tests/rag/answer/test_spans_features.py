"""What speaks for a word being the first, the last or an inner one of a fact."""

from __future__ import annotations

import pytest

from rag.answer.spans_features import asking, beginnings, endings, inners, length, tokens, whole
from rag.answer.spans_sought import sought
from rag.text.words import Lexicon
from tests.rag.conftest import Weighs


def test_a_clause_is_lined_up_with_the_question(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("晨星电子的总部设在哪里")
    asked = sought(query, lexicon)
    assert asked is not None
    ask = asking(query, asked, lexicon)
    clause = next(e for e in evidence if "总部设在" in e.text)
    found = tokens(clause, ask, query, lexicon, 50)
    assert "".join(t.text for t in found) == clause.fold.text.replace(" ", "")
    town = next(at for at, t in enumerate(found) if t.text.startswith("柳"))
    begins, ends = beginnings(found, ask), endings(found, ask)
    assert len(begins) == len(ends) == len(inners(found, ask)) == len(found)
    assert any(name.startswith("b|asked") or name == "b|same" for name in begins[town])
    assert "e|.stop" in ends[-2]
    assert ("c:first", 1.0) in whole(clause, 0, found, ask)


def test_dates_and_numbers_are_told_by_their_parts(weighs: Weighs, lexicon: Lexicon) -> None:
    query, evidence = weighs("青河铁路哪一年动工")
    asked = sought(query, lexicon)
    assert asked is not None
    clause = next(e for e in evidence if "1936年" in e.text)
    found = tokens(clause, asking(query, asked, lexicon), query, lexicon, 50)
    assert [t.date for t in found if t.text == "1936"] == [1]
    assert found[next(i for i, t in enumerate(found) if t.text == "1936") + 1].date == 3


@pytest.mark.parametrize(("chars", "bucket"), [(1, "l1"), (6, "l6"), (7, "l8"), (45, "l45"), (46, "l99")])
def test_lengths_fall_into_buckets(chars: int, bucket: str) -> None:
    assert length(chars) == bucket
