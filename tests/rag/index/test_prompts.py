import pytest

from rag.index.prompts import E5_PROMPTS, Prompts, prompts_of


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"query": "find: ", "document": "text: "}, Prompts("find: ", "text: ")),
        ({"query": "find: ", "passage": "p: ", "document": "d: "}, Prompts("find: ", "p: ")),
        ({"query": "find: ", "document": ""}, Prompts("find: ", "")),
    ],
)
def test_a_model_that_declares_prompts_gets_them(own: dict[str, str | None], expected: Prompts) -> None:
    assert prompts_of("multilingual-e5-large", own) == expected


@pytest.mark.parametrize("name", ["e5-base", "intfloat/multilingual-e5-small", "my_E5"])
def test_a_model_of_the_e5_family_has_its_prompts(name: str) -> None:
    assert prompts_of(name, {"query": "", "document": ""}) == E5_PROMPTS


@pytest.mark.parametrize("name", ["bge-small-zh-v1.5", "base5", "e512"])
def test_any_other_model_has_none(name: str) -> None:
    assert prompts_of(name, {}) == Prompts("", "")
