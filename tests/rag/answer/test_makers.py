import pytest

from rag.answer.makers import makers_in
from rag.text.normalize import folded
from rag.text.words import Lexicon


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("青松电器已量产阀门", ["青松电器"]),
        ("其中，青松电器的全资子公司白鹭机械生产齿轮，用于水车", ["白鹭机械"]),
        ("国内厂商例如云海光电提供透镜", ["云海光电"]),
        ("北岭大学研制了新的阀门", ["北岭大学"]),
        ("青松电器（上海）有多款阀门产品", ["青松电器"]),
        ("青松电器的高压阀门产品已开发完成", ["青松电器"]),
        ("青松电器的子公司岭南云海高科生产阀门", ["岭南云海高科"]),
        ("在阀门环节，厂商有青松电器等", ["青松电器"]),
        ("国内公司生产阀门", []),
        ("阀门能够提供更高的压力", []),
        ("生产阀门需要钢", []),
        ("", []),
    ],
)
def test_the_organisation_before_a_verb_of_making(text: str, expected: list[str]) -> None:
    text = folded(text)
    assert [text[start:end] for start, end in makers_in(text, Lexicon())] == expected
