"""A user's glossary: reading it, its errors, and asking with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant, SettingError, Settings, load_settings
from rag.index.embed import Encoder
from rag.text.glossary import pairs, read_glossary


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "glossary.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_group_a_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '\ufeff# 别名\n\n甲乙丙科技，甲乙丙、 ＡＢＣ # 一家公司\n高壓直流\tHVDC;高压直流\n"North  Star",北星\r\nA=B,B\n',
    )
    assert read_glossary(path) == (
        ("甲乙丙科技", "甲乙丙", "abc"),
        ("高压直流", "hvdc"),
        ("north star", "北星"),
        ("a", "b"),
    )


def test_pairs_go_both_ways() -> None:
    assert set(pairs([("a", "b", "c")])) == {("a", "b"), ("b", "a"), ("a", "c"), ("c", "a"), ("b", "c"), ("c", "b")}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("甲,乙\n丙\n", "line 2", "after a comma"),
        ("甲,乙\n丙,乙\n", "line 2", "line 1"),
        ("甲," + "长" * 61, "line 1", "61"),
        ("甲,乙".encode("gb18030"), "glossary", "UTF-8"),
        (b"a" * 5_000_001, "glossary", "5,000,000"),
    ],
)
def test_an_error_names_the_line(tmp_path: Path, text: str | bytes, line: str, says: str) -> None:
    with pytest.raises(SettingError) as error:
        read_glossary(written(tmp_path, text))
    assert line in error.value.en and says in error.value.en and error.value.param == "glossary"
    assert "词表" in error.value.zh


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read"):
        read_glossary(tmp_path / "none.txt")


@pytest.fixture(scope="module")
def glossed(invented: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Asks the index of the invented material with a glossary, which it was built without."""
    text = "松岭机械, 凯诺, Pine Ridge Machines\n揉捻机、滚茶机\n望月隧道,月洞\n"
    path = written(tmp_path_factory.mktemp("glossary"), text)
    return Assistant.open(settings=invented.model_copy(update={"glossary": path}), encoder=encoder)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("凯诺的市场份额是多少", "38%"),
        ("滚茶机的客户有谁", "云雾茶场"),
        ("月洞有多长", "2,140米"),
        ("Pine Ridge Machines的市场份额是多少", "38%"),
        ("松岭机械的市场份额是多少", "38%"),
    ],
)
def test_a_name_of_the_glossary_is_understood_without_a_build(glossed: Assistant, question: str, words: str) -> None:
    answer = glossed.ask(question)
    assert not answer.refused and words in answer.text


def test_without_it_the_name_is_unknown(assistant: Assistant) -> None:
    assert assistant.ask("凯诺的市场份额是多少").refused
    assert assistant.ask("月洞有多长").refused


def test_what_the_glossary_does_not_name_is_still_refused(glossed: Assistant) -> None:
    assert glossed.ask("凯铭的市场份额是多少").refused
    assert glossed.ask("凯诺的专利有多少项").refused


def test_the_setting_is_read_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_GLOSSARY", "~/glossary.csv")
    assert load_settings().glossary == Path("~/glossary.csv").expanduser()
