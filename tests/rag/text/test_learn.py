from dataclasses import replace

from rag.documents.load import load_bytes
from rag.text.learn import learn
from rag.text.words import Lexicon
from rag.types import Document

ARTICLE = """# 云杉手册

## 快拆手轮

**磁吸托架**用来放工具。主要厂商包括青杉扳手、白鹭钳具、云海锉具等企业。

水果有苹果、香蕉、橙子等。我们在这里、在那里、在各处都见过。
"""


def document(text: str, name: str = "a.md") -> Document:
    return load_bytes(text.encode(), name=name)


def test_bold_terms_headings_and_listed_names_are_learned() -> None:
    learned = learn([document(ARTICLE)]).learned
    assert {"快拆手轮", "磁吸托架", "青杉扳手", "白鹭钳具", "云海锉具"} <= learned


def test_what_the_dictionary_knows_or_holds_a_function_word_is_not() -> None:
    learned = learn([document(ARTICLE)]).learned
    assert not learned & {"苹果", "香蕉", "橙子", "水果", "在那里", "在各处", "主要厂商"}
    assert not any(Lexicon().knows(term) for term in learned)


def test_the_same_documents_teach_the_same_in_any_order() -> None:
    one, other = document(ARTICLE), document("# 钳具\n\n有黑檀锤、白蜡锤和赤桦锤。", "b.md")
    assert learn([one, other]).learned == learn([other, one]).learned
    assert learn([one]).learned < learn([one, other]).learned


def test_the_terms_stay_whole_in_the_lexicon() -> None:
    words = [word for word, _, _ in learn([document(ARTICLE)]).words("青杉扳手生产磁吸托架")]
    assert words == ["青杉扳手", "生产", "磁吸托架"]


def test_nothing_teaches_nothing() -> None:
    assert learn([]).learned == frozenset()
    assert learn([replace(document(ARTICLE), text="", blocks=(), terms=())]).learned == frozenset()
