"""English statements held against English sentences. All invented."""

import pytest

from rag.entail import REASONS, Source, entailed
from rag.text.words import Lexicon

PLAIN = Lexicon()

# (sentence, statement)
CARRIED = [
    ("The pump is made of cast iron, and its weight is 30 kg.", "The pump is made of cast iron."),
    ("The library holds 20,000 books.", "The library holds 20000 books."),
    ("The company does not make pumps.", "The company doesn't make pumps."),
]
# (sentence, statement, reason)
NOT_CARRIED = [
    ("The pump does not use oil.", "The pump uses oil.", "negation"),
    ("Alder Pumps acquired Birch Works.", "Birch Works acquired Alder Pumps.", "subject"),
    ("Alder Pumps may close the plant.", "Alder Pumps closed the plant.", "modality"),
    ("Alder Pumps supplies pumps to Birch Works.", "Birch Works supplies pumps to Alder Pumps.", "subject"),
    ("The library holds over 20,000 books.", "The library holds 20,000 books.", "number"),
    ("The ship carries 30 tons and the boat carries 20 tons.", "The ship carries 20 tons.", "order"),
    ("The ship can carry 300 tons.", "The ship carries 300 tons.", "modality"),
    ("The library opens at 9 and closes at 17.", "The library opens at 17.", "order"),
    ("Only members may borrow books.", "Members may borrow books.", "modality"),
    ("Members of the club who pay may borrow books.", "Members of the club may borrow books.", "order"),
    ("The old pumps were replaced by new pumps.", "The new pumps were replaced by old pumps.", "subject"),
    ("The kiln was built in 1998.", "The kiln was built in 1999.", "number"),
    ("According to the report, the kiln was built in 1998.", "The kiln was built in 1998.", "modality"),
    ("If the water rises, the pump starts.", "The pump starts.", "modality"),
    ("The pump starts if the water rises.", "The pump starts.", "modality"),
]


@pytest.mark.parametrize(("sentence", "statement"), CARRIED)
def test_what_a_sentence_carries(sentence: str, statement: str) -> None:
    verdict = entailed(statement, [Source(sentence)], PLAIN)
    assert verdict.supported, verdict
    assert verdict.rests_on == (0,)


@pytest.mark.parametrize(("sentence", "statement", "reason"), NOT_CARRIED)
def test_what_it_does_not_carry_and_why(sentence: str, statement: str, reason: str) -> None:
    verdict = entailed(statement, [Source(sentence)], PLAIN)
    assert not verdict.supported
    assert verdict.rests_on == ()
    assert verdict.reason == reason
    assert verdict.reason in REASONS
