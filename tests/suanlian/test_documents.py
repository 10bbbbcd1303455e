import json
from pathlib import Path
from typing import Any

import pytest

from tests.rag.index.samples import BIRDS, STONES, TREES
from tests.suanlian.test_cli import refused, suanlian, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    (folder / "inner").mkdir(parents=True)
    (folder / "trees.md").write_text(TREES, encoding="utf-8")
    (folder / "inner" / "birds.md").write_text(BIRDS, encoding="utf-8")
    (tmp_path / "stones.md").write_text(STONES, encoding="utf-8")
    return folder


def run(index: Path, *arguments: str) -> Any:
    """What a command printed as JSON."""
    done = suanlian(index, *arguments, "--json")
    told(done, 0)
    return json.loads(done.stdout)


def keys(index: Path, *more: str) -> dict[str, int]:
    return {document["key"]: document["version"] for document in run(index, "list", *more)["documents"]}


def test_documents_come_and_go_and_the_others_stay(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    first = run(index, "add", str(folder))
    assert (first["index"], first["collection"], first["generation"]) == (str(index), "default", 1)
    assert (first["added"], first["replaced"], first["unchanged"], first["failed"]) == (2, 0, 0, [])
    assert [(d["key"], d["version"], d["state"]) for d in first["documents"]] == [
        ("inner/birds.md", 1, "added"),
        ("trees.md", 1, "added"),
    ]
    (folder / "trees.md").write_text(TREES.replace("30米", "31米"), encoding="utf-8")
    second = run(index, "add", str(folder), str(tmp_path / "stones.md"))
    assert (second["added"], second["replaced"], second["unchanged"]) == (1, 1, 1)
    assert keys(index) == {"inner/birds.md": 1, "stones.md": 1, "trees.md": 2}
    stones = next(d["id"] for d in second["documents"] if d["key"] == "stones.md")
    gone = run(index, "remove", stones, "inner/birds.md")
    assert gone["removed"][0] == stones
    assert keys(index) == {"trees.md": 2}
    merged = run(index, "compact", "--keep-days", "0")
    assert merged["documents"] == 1
    assert len(list((index / "default").glob("segment-*"))) == 1
    assert "31米" in run(index, "ask", "松树的高度是多少")["answer"]


def test_one_file_is_named_and_described(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    more = (
        "--title",
        "石头记",
        "--source",
        "https://example.com/s",
        "--published",
        "2024-06-07",
        "--tags",
        "石, 山，矿",
    )
    run(index, "add", str(tmp_path / "stones.md"), "--key", "库/石", *more)
    (document,) = run(index, "list")["documents"]
    assert (document["key"], document["title"], document["published"]) == ("库/石", "石头记", "2024-06-07")
    assert (document["source"], document["tags"]) == ("https://example.com/s", ["石", "山", "矿"])
    answer = run(index, "ask", "花岗岩由什么组成")
    cited = answer["citations"][0]["document"]
    assert (cited["title"], cited["published"], cited["source"]) == ("石头记", "2024-06-07", "https://example.com/s")
    shown = suanlian(index, "list")
    assert "库/石  石头记  2024-06-07" in shown.stdout
    assert "there are several files" in told(suanlian(index, "add", str(folder), "--key", "a"), 2)
    assert "no date" in told(suanlian(index, "add", str(tmp_path / "stones.md"), "--published", "soon"), 2)


def test_a_copy_is_not_added_and_its_holder_is_named(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    (folder / "z copy.md").write_text(TREES, encoding="utf-8")
    done = suanlian(index, "add", str(folder))
    assert "+2 new, 0 replaced, 1 unchanged" in done.stdout
    assert "z copy.md: 内容已有 its content is held by doc_" in done.stdout
    assert keys(index) == {"inner/birds.md": 1, "trees.md": 1}


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_added(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    done = suanlian(index, "add", str(folder), "--json")
    assert "broken.pdf" in told(done, 2)
    facts = json.loads(done.stdout)
    assert facts["added"] == 2
    assert "broken.pdf" in facts["failed"][0]


def test_removing_what_is_not_there_removes_nothing(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    run(index, "add", str(folder))
    zh, en = refused(suanlian(index, "remove", "trees.md", "none.md"))
    assert "'none.md'" in en
    assert "none.md" in zh
    assert len(keys(index)) == 2


def test_collections_stand_apart(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    run(index, "add", str(folder / "trees.md"))
    run(index, "add", str(folder / "inner" / "birds.md"), "--collection", "鸟")
    there = run(index, "list", "--collections")["collections"]
    assert [(one["name"], one["documents"]) for one in there] == [("default", 1), ("鸟", 1)]
    assert keys(index, "--collection", "鸟") == {"birds.md": 1}
    assert "小鱼" in run(index, "ask", "白鹭吃什么", "--collection", "鸟")["answer"]
    assert "鱼" not in json.dumps(run(index, "ask", "白鹭吃什么"), ensure_ascii=False)
    for call in (["list"], ["compact"], ["remove", "a"], ["ask", "松树多高"]):
        assert "no collection 'none'" in refused(suanlian(index, *call, "--collection", "none"))[1]
    assert run(index, "remove", "--collection", "鸟", "--whole-collection")["deleted"]
    assert [one["name"] for one in run(index, "list", "--collections")["collections"]] == ["default"]


def test_wrong_calls(tmp_path: Path, folder: Path) -> None:
    index = tmp_path / "index"
    assert "no index" in refused(suanlian(index, "list"))[1]
    assert "no index" in refused(suanlian(index, "compact"))[1]
    assert run(index, "list", "--collections")["collections"] == []
    assert "collection" in refused(suanlian(index, "add", str(folder), "--collection", "a b"))[1]
    told(suanlian(index, "add"), 2)
    told(suanlian(index, "remove"), 2)
    told(suanlian(index, "remove", "--whole-collection"), 2)
    assert not index.exists()
