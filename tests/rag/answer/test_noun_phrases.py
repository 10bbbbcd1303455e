"""What a clause or a heading is about."""

import pytest

from rag.answer.noun_phrases import best_noun_phrase, noun_phrases, own_name, topic
from rag.text.words import Lexicon

LEXICON = Lexicon(["高压开关", "避雷器", "茶叶"])


@pytest.mark.parametrize(
    ("heading", "about"),
    [
        ("高压开关", "高压开关"),
        ("高压开关厂商与格局", "高压开关"),
        ("二、避雷器(浪涌保护)", "避雷器"),
        ("上游:原料", "上游"),
        ("市场格局", ""),
        ("国内市场竞争格局", ""),
        ("发展趋势与展望", ""),
        ("", ""),
    ],
)
def test_topic_of_a_heading(heading: str, about: str) -> None:
    assert topic(heading, LEXICON) == about


def test_a_heading_that_tells_something_is_not_the_name_of_a_thing() -> None:
    assert own_name("避雷器(浪涌保护)", LEXICON)
    assert not own_name("避雷器厂商与产业链", LEXICON)
    assert not own_name("市场格局", LEXICON)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("国内在高压开关市场具有竞争力的", "高压开关"),
        ("高压开关环节的相关布局", "高压开关"),
        ("目前国内主要的", None),
        ("在钢缆高速连接领域,", "钢缆高速连接"),
    ],
)
def test_the_best_noun_phrase_is_what_is_made(text: str, said: str | None) -> None:
    span = best_noun_phrase(text, 0, len(text), LEXICON)
    assert (span and text[slice(*span)]) == said


def test_noun_phrases_count_in_the_whole_text() -> None:
    text = "布局高压开关和避雷器的公司"
    assert [text[s:e] for s, e in noun_phrases(text, 2, len(text), LEXICON)] == ["高压开关", "避雷器"]
