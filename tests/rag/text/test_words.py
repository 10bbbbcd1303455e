import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.normalize import folded
from rag.text.words import Lexicon

PLAIN = Lexicon()
SENTENCE = "云杉扳手厂生产快拆手轮"


def cut(lexicon: Lexicon, text: str) -> list[str]:
    return [word for word, _, _ in lexicon.words(text)]


def test_learned_terms_stay_whole() -> None:
    learned = Lexicon(["云杉扳手厂", "快拆手轮"])
    assert cut(PLAIN, SENTENCE) != ["云杉扳手厂", "生产", "快拆手轮"]
    assert cut(learned, SENTENCE) == ["云杉扳手厂", "生产", "快拆手轮"]
    assert learned.knows("快拆手轮")
    assert learned.word_class("快拆手轮") == ""


def test_what_one_lexicon_learns_no_other_sees() -> None:
    before = jieba.lcut(SENTENCE)
    other = cut(Lexicon(), SENTENCE)
    Lexicon(["云杉扳手厂", "快拆手轮", "厂生"])
    assert cut(Lexicon(), SENTENCE) == cut(PLAIN, SENTENCE) == other
    assert jieba.lcut(SENTENCE) == before
    assert not PLAIN.knows("快拆手轮")
    assert not jieba.dt.FREQ.get("快拆手轮")


def test_search_terms_hold_words_their_parts_and_neighbouring_pairs() -> None:
    terms = Lexicon(["快拆手轮"]).terms("新的快拆手轮")
    assert terms[:3] == ["新", "的", "快拆手轮"]
    assert "手轮" in terms  # a known word inside
    assert [term for term in terms if term.startswith("#")] == ["#新的", "#的快", "#快拆", "#拆手", "#手轮"]


def test_an_unknown_name_is_found_by_its_pairs() -> None:
    wanted = {term for term in PLAIN.terms("谁认识栾郗阕") if set(term) & set("栾郗阕")}
    assert {"#栾郗", "#郗阕"} <= wanted & set(PLAIN.terms("栾郗阕住在河边"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5+1方案", ["5+1", "方案"]),
        ("800gbit/s", ["800gbit/s"]),
        ("占99.5%", ["占", "99.5%"]),
        ("at&t", ["at&t"]),
        ("5μm级", ["5μm", "级"]),
        ("α粒子", ["α", "粒子"]),
        ("café里", ["café", "里"]),
        ("a、b。", ["a", "b"]),
        ("のり", ["のり"]),
        ("a_b", ["a", "b"]),
        ("、。 \n", []),
    ],
)
def test_words_of_several_scripts(text: str, expected: list[str]) -> None:
    assert cut(PLAIN, text) == expected


def test_a_year_in_characters_does_not_swallow_what_follows() -> None:
    words = cut(PLAIN, "二〇二四年工厂搬迁")
    assert words[-2:] == ["工厂", "搬迁"]


def test_joined_latin_terms_are_found_by_their_parts() -> None:
    assert PLAIN.terms("uqd-02") == ["uqd-02", "uqd", "02"]


def test_word_classes() -> None:
    classes = {word: PLAIN.word_class(word) for word in ("提高", "关于", "他们", "苹果", "的", "无此词也")}
    assert classes == {"提高": "v", "关于": "p", "他们": "r", "苹果": "", "的": "u", "无此词也": ""}


@given(st.text(alphabet=st.one_of(st.sampled_from("快拆手轮云杉〇二α-+%. aB1の。\n"), st.characters())))
def test_spans_are_the_words_and_lose_no_letter(text: str) -> None:
    text = folded(text)
    end = 0
    for word, start, stop in PLAIN.words(text):
        assert text[start:stop] == word != ""
        assert not any(char.isalnum() for char in text[end:start])
        end = stop
    assert not any(char.isalnum() for char in text[end:])


@given(st.text(alphabet="快速接头中国人民银行长城市场的一是在和鿕鿖㐀", max_size=24))
def test_a_run_is_cut_as_jieba_cuts_it(text: str) -> None:
    lexicon = Lexicon(["快接头", "行长城"])
    assert [word for word, _, _ in lexicon.words(text)] == list(lexicon._tokenizer.cut(text, HMM=False))
