"""What is said of a subject besides the fact asked for."""

from __future__ import annotations

import pytest

from rag.answer.other_predicates import other_predicate
from rag.answer.pieces import pieces
from rag.retrieve.query import read
from rag.text.normalize import folded
from rag.text.words import Lexicon

LEXICON = Lexicon(["松岭机械", "岩上科技", "揉捻机"])
QUERY = read("松岭机械的市占率是多少", LEXICON, lambda _: 1.0, lambda _: 1)


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("松岭机械在揉捻机市场居首，市占率为38%", [0, 1], "在揉捻机市场居首"),
        ("松岭机械预计在揉捻机市场居首，市占率为38%", [0, 1], None),  # how sure it is would be lost
        ("松岭机械不在揉捻机市场居首，市占率为38%", [0, 1], None),  # and so would the denial
        ("松岭机械在揉捻机市场居首，岩上科技市占率为38%", [0, 1], None),  # the share is another's
        ("松岭机械在揉捻机市场居首，市占率为38%", [1], None),  # the subject is not said
    ],
)
def test_it_is_left_out_only_where_nothing_turns_on_it(text: str, kept: list[int], left_out: str | None) -> None:
    text = folded(text)
    fact = (text.index("38%"), text.index("38%") + 3)
    span = other_predicate(QUERY, text, pieces(text, LEXICON), kept, fact, LEXICON)
    assert (span and text[slice(*span)]) == left_out
