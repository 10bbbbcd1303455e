import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import clauses, sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def cut_clauses(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天晴。明天雨！后天呢？", ["今天晴。", "明天雨！", "后天呢？"]),
        ("甲厂造芯；乙厂造板。", ["甲厂造芯；乙厂造板。"]),
        ("他想了想……然后走了。", ["他想了想……", "然后走了。"]),
        ("有苹果、梨……等水果。", ["有苹果、梨……等水果。"]),
        ("他说：“天晴了。”我点头。", ["他说：“天晴了。”", "我点头。"]),
        ("“走吧！”，他说。", ["“走吧！”，他说。"]),
        ("真的吗？！好。", ["真的吗？！", "好。"]),
        ("速率从1.25到2.5不等。版本3.11已发布。", ["速率从1.25到2.5不等。", "版本3.11已发布。"]),
        ("It works. Then it stops, e.g. Here. no.", ["It works.", "Then it stops, e.g. Here. no."]),
        ("See No. Five and Dr. Smith. Good.", ["See No. Five and Dr. Smith.", "Good."]),
        ("1. First step. Second step.", ["1. First step.", "Second step."]),
        ("It grew 3.5 times. In 2024. Then", ["It grew 3.5 times.", "In 2024.", "Then"]),
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("参见（其一。其二。）这一段。完", ["参见（其一。其二。）这一段。", "完"]),
        ("同意。（掌声。）散会。", ["同意。", "（掌声。）", "散会。"]),
        ("《你在哪里？》是一首歌。", ["《你在哪里？》是一首歌。"]),
        ("地址是http://a.example/?q=1!x，请看。", ["地址是http://a.example/?q=1!x，请看。"]),
        ("第一行\n第二行\r\n\n第三行。", ["第一行", "第二行", "第三行。"]),
        ("（没有收尾。下一句。", ["（没有收尾。", "下一句。"]),
        ("  \n\t ", []),
        ("", []),
    ],
)
def test_sentence_ends(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲造芯；乙造板;丙装机。下一句", ["甲造芯；", "乙造板;", "丙装机。", "下一句"]),
        ("三类（大；中；小）；另有一类。", ["三类（大；中；小）；", "另有一类。"]),
        ("他说“去；或不去”；我不答。", ["他说“去；或不去”；", "我不答。"]),
        ("没有分号。", ["没有分号。"]),
    ],
)
def test_clause_ends(text: str, expected: list[str]) -> None:
    assert cut_clauses(text) == expected


@given(
    st.text(alphabet=st.one_of(st.sampled_from("。！？!?….；;：“”\"'（）()《》 \n\t\u3000aB1甲乙"), st.characters()))
)
def test_only_white_space_lies_outside_the_spans(text: str) -> None:
    for spans in (sentences(text), clauses(text)):
        end = 0
        for start, stop in spans:
            assert text[end:start].strip() == ""
            assert text[start:stop] == text[start:stop].strip() != ""
            end = stop
        assert text[end:].strip() == ""


@given(st.text(alphabet="。！？；（）“”甲乙A. \n"))
def test_clauses_refine_sentences(text: str) -> None:
    inner = set(clauses(text))
    for start, end in sentences(text):
        parts = [span for span in inner if start <= span[0] and span[1] <= end]
        assert min(parts)[0] == start
        assert max(parts)[1] == end
