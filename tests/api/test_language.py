import pytest

from api.language import prefers_english


@pytest.mark.parametrize(
    ("header", "english"),
    [("", False), ("en", True), ("zh-CN,zh;q=0.9,en;q=0.8", False), ("en;q=0.9,zh;q=0.5", True), ("fr, en;q=x", False)],
)
def test_language_preference(header: str, english: bool) -> None:
    assert prefers_english(header) is english
