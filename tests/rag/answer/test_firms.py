"""Names of firms."""

import pytest

from rag.answer.firms import is_company, is_firm, name_after, name_before
from rag.text.words import Lexicon

LEXICON = Lexicon(["岚桥电气"])


@pytest.mark.parametrize("name", ["岚桥电气", "澜石股份", "norvik", "云碚实业有限公司"])
def test_names_that_may_be_companies(name: str) -> None:
    assert is_company(name, LEXICON)


@pytest.mark.parametrize("name", ["12", "33位", "其客户", "在此之前", "断", "2023年以来", "避雷器的厂商", "x" * 30])
def test_what_is_no_name(name: str) -> None:
    assert not is_company(name, LEXICON)


def test_a_description_of_a_firm_is_not_its_name() -> None:
    assert is_firm("澜石科技", LEXICON)
    assert is_firm("云碚实业有限公司", LEXICON)
    assert not is_firm("内容制作公司", LEXICON)
    assert not is_firm("股份有限公司", LEXICON)


def test_a_name_ends_before_a_word_and_begins_after_it() -> None:
    text = "据悉,岚桥电气的子公司澜石科技生产避雷器"
    parent, child = name_before(text, text.index("子公司"), LEXICON), name_after(text, text.index("澜石"), LEXICON)
    assert parent is not None and text[slice(*parent)] == "岚桥电气"
    assert child is not None and text[slice(*child)] == "澜石科技"
    assert name_before("的", 1, LEXICON) is None
    assert name_after("的", 1, LEXICON) is None
    after = name_after("岚碚智库25日发布", 0, LEXICON)
    assert after is not None and "25" not in "岚碚智库25日发布"[slice(*after)]
