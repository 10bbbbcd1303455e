import json
import os
import subprocess
from pathlib import Path

import pytest

from rag import package_version
from tests.rag.index.samples import BIRDS, STONES, TREES
from tests.suanlian.forked import run

Done = subprocess.CompletedProcess[str]


def suanlian(index: Path, *arguments: str | bytes, given: str = "", **variables: str) -> Done:
    """Run the command line in a process of its own, as a user's shell would."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAG_")}
    there = {"RAG_INDEX": str(index), "RAG_MODEL": "hash", "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}
    return run(arguments, given, {**clean, **there, **variables})


def told(done: Done, code: int) -> str:
    """What stood on stderr of a run that ended with ``code`` and nothing worse."""
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def refused(done: Done) -> list[str]:
    """The one sentence, in Chinese and in English, of a call that was wrong."""
    lines = told(done, 2).strip().splitlines()
    assert done.stdout == ""
    assert len(lines) == 2, lines
    assert lines[0].startswith("✗ ")
    return lines


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "trees.md").write_text(TREES, encoding="utf-8")
    (folder / "birds.md").write_text(BIRDS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Path:
    index = tmp_path_factory.mktemp("indexes") / "of [bold]mine[/]"  # a name that looks like markup
    done = suanlian(index, "build", str(folder))
    told(done, 0)
    assert f"index ready: {index}  (generation 1: +2 new, 0 replaced, 0 removed, 0 unchanged" in done.stdout
    return index


def test_building_files_and_folders(tmp_path: Path, folder: Path) -> None:
    extra = tmp_path / "stones.md"
    extra.write_text(STONES, encoding="utf-8")
    index = tmp_path / "index"
    done = suanlian(index, "build", str(folder), str(extra), "--json")
    told(done, 0)
    assert json.loads(done.stdout) == {
        "generation": 1,
        "added": 3,
        "replaced": 0,
        "removed": 0,
        "unchanged": 0,
        "passages": json.loads(done.stdout)["passages"],
        "index": str(index),
        "failed": [],
    }
    extra.write_text(STONES + "\n玄武岩是黑色的。\n", encoding="utf-8")
    (tmp_path / "empty.md").write_text("")
    _, en = refused(suanlian(index, "build", str(extra)))
    assert "2 documents that are not named here" in en
    kept = suanlian(index, "build", str(extra), "--keep", "--json")
    assert json.loads(kept.stdout)["removed"] == 0
    done = suanlian(index, "build", str(extra), str(tmp_path / "empty.md"), "--replace", "--json")
    assert "empty.md is empty" in told(done, 2)
    report = json.loads(done.stdout)
    assert (report["generation"], report["replaced"], report["removed"]) == (3, 0, 2)
    assert len(report["failed"]) == 1


def test_asking_gives_json_that_a_program_can_read(index: Path) -> None:
    done = suanlian(index, "ask", "白鹭吃什么", "--json", "--explain")
    assert told(done, 0) == ""
    answer = json.loads(done.stdout)
    assert answer["question"] == "白鹭吃什么"
    assert answer["index"] == {"collection": "default", "generation": 1}
    assert answer["mode"] == "extractive"
    assert answer["trace"]
    for citation in answer["citations"]:
        assert citation["quote"] in BIRDS


def test_asking_shows_a_person_the_answer(index: Path) -> None:
    done = suanlian(index, "ask", "白鹭站在哪里", RAG_REFUSE_BELOW="0")
    assert told(done, 0) == ""
    assert "浅水" in done.stdout


def test_a_conversation_ends_at_an_empty_line(index: Path) -> None:
    done = suanlian(index, "ask", given="白鹭吃什么\n！！！\n\n不再问\n")
    assert "no words, only punctuation" in told(done, 0)
    assert "confidence" in done.stdout or "没有" in done.stdout


def test_a_missing_index_is_one_sentence(tmp_path: Path) -> None:
    zh, en = refused(suanlian(tmp_path, "ask", "白鹭吃什么", "--index", str(tmp_path / "none")))
    assert "没有索引" in zh
    assert f"Run `suanlian build --index {tmp_path / 'none'}` to make one." in en
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "is empty"),
        (" \t\n", "is empty"),
        ("？！……", "only punctuation"),
        ("a" * 100_000, "100,000 characters; at most 8,000"),
    ],
    ids=["empty", "blank", "punctuation", "long"],
)
def test_a_question_that_cannot_be_asked(index: Path, question: str, reason: str) -> None:
    assert reason in refused(suanlian(index, "ask", question))[1]


def test_a_question_of_stray_bytes_is_answered_all_the_same(index: Path) -> None:
    done = suanlian(index, "ask", "白鹭吃什么".encode() + b"\xff\xfe", "--json")
    told(done, 0)
    assert json.loads(done.stdout)["question"] == "白鹭吃什么??"


def test_the_version_is_told(index: Path) -> None:
    assert suanlian(index, "--version").stdout.strip() == f"suanlian {package_version()}"


def test_wrong_calls(index: Path) -> None:
    assert "'fast' is not one of" in told(suanlian(index, "ask", "白鹭", "--mode", "fast"), 2)
    assert "No language model is configured" in refused(suanlian(index, "ask", "白鹭", "--mode", "llm"))[1]
    assert "No such command" in told(suanlian(index, "answer"), 2)


def test_settings_that_are_none(index: Path) -> None:
    assert (
        "RAG_TOPK is not a setting. Did you mean RAG_TOP_K?" in refused(suanlian(index, "ask", "白鹭", RAG_TOPK="3"))[1]
    )
    assert "'port' is wrong" in refused(suanlian(index, "doctor", RAG_PORT="70000"))[1]


def test_another_splitter_is_refused_with_what_to_do(index: Path) -> None:
    (_, en) = refused(suanlian(index, "ask", "白鹭", RAG_PASSAGE_CHARS="100"))
    assert "built with splitter" in en
    assert f"`suanlian doctor --repair --index {index}`" in en


BROKEN = {
    "empty.md": (b"", "is empty"),
    "words.pdf": (b"plain words", "is named .pdf but holds something else"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\x00\x00", "is named .txt but holds"),
    "damaged.docx": (b"PK\x03\x04 broken", "most likely it is damaged"),
}


def test_files_that_cannot_be_read_are_told_one_by_one(tmp_path: Path) -> None:
    for name, (content, _) in BROKEN.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in BROKEN]
    (_, en) = refused(suanlian(tmp_path / "index", "build", *paths))
    assert "damaged.docx" in en  # the first of them; there is nothing else to build
    assert not (tmp_path / "index").exists()

    (tmp_path / "trees.md").write_text(TREES, encoding="utf-8")
    done = suanlian(tmp_path / "index", "build", *paths, str(tmp_path / "trees.md"))
    lines = told(done, 2).splitlines()
    for name, (_, reason) in BROKEN.items():
        assert [line for line in lines if name in line and reason in line], name
    assert "+1 new" in done.stdout


def test_a_kind_of_file_that_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.exe").write_bytes(b"MZ")
    (_, en) = refused(suanlian(tmp_path / "index", "build", str(tmp_path / "a.exe")))
    assert "a.exe is of a format that is not read" in en


def test_paths_that_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "There is no document to read" in refused(suanlian(tmp_path / "i", "build", str(tmp_path / "empty")))[1]
    assert "does not exist" in refused(suanlian(tmp_path / "i", "build", str(tmp_path / "none")))[1]


def test_an_index_that_cannot_be_written(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").write_text("")
    done = suanlian(tmp_path / "file", "build", str(folder))
    assert "Cannot write to" in told(done, 1)


def test_the_default_model_answers(tmp_path: Path, folder: Path, model_dir: Path) -> None:
    there = {"RAG_MODEL": "multilingual-e5-small", "RAG_MODEL_DIR": str(model_dir)}
    told(suanlian(tmp_path, "build", str(folder), **there), 0)
    done = suanlian(tmp_path, "ask", "白鹭吃什么？", "--json", **there)
    told(done, 0)
    answer = json.loads(done.stdout)
    assert not answer["refused"]
    assert "小鱼" in answer["answer"]


def test_help_names_every_command(tmp_path: Path) -> None:
    done = suanlian(tmp_path, "--help")
    told(done, 0)
    assert all(name in done.stdout for name in ("build", "ask", "serve", "add", "remove", "list", "compact", "doctor"))


def test_the_bundled_corpus_never_takes_the_place_of_other_documents(index: Path) -> None:
    _, en = refused(suanlian(index, "build", "--fresh"))
    assert "birds.md" in en
    assert "--keep" in en and "--replace" in en
    listed = suanlian(index, "doctor", "--json")
    assert "2 documents" in listed.stdout


def test_asking_with_explain_shows_what_became_of_each_candidate(index: Path) -> None:
    done = suanlian(index, "ask", "白鹭吃什么", "--explain")
    assert told(done, 0) == ""
    assert "白鹭吃什么" in done.stdout and "confidence" in done.stdout
    assert "✓ 引用 quoted" in done.stdout or "✗ 把握不足" in done.stdout
