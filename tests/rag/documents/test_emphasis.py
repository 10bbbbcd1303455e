import pytest
from markdown_it import MarkdownIt

from rag.documents.emphasis import cjk_emphasis

MD = MarkdownIt("commonmark").use(cjk_emphasis)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**显存：**是内存", "<strong>显存：</strong>是内存"),
        ("这是**“要点”**吗", "这是<strong>“要点”</strong>吗"),
        ("**显卡（GPU）**很快", "<strong>显卡（GPU）</strong>很快"),
        ("它是*好。*的", "它是<em>好。</em>的"),
        ("a * b * c", "a * b * c"),
        ("2 ** 3", "2 ** 3"),
        ("**bold** word", "<strong>bold</strong> word"),
        ("变量_a_名", "变量_a_名"),
        (r"\**显存：**", "**显存：**"),
    ],
)
def test_bold_beside_chinese(text: str, expected: str) -> None:
    if text.startswith("\\"):
        assert "<strong>" not in MD.renderInline(text)
    else:
        assert MD.renderInline(text) == expected
