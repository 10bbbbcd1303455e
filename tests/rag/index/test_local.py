import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import IndexCorruptError, IndexMismatchError, IndexMissingError, StorageError
from rag.index.build import fingerprint, prepare
from rag.index.embed import HashEncoder
from rag.index.files import verify
from rag.index.local import LocalStore
from rag.index.segment import Segment, SegmentData
from rag.index.store import Candidate, Filter, OvertakenError, View
from rag.text.words import Learned, Lexicon
from rag.types import Document
from tests.rag.index.samples import BIRDS, CHARS, ENCODER, STONES, TREES, built, document, documents

LEXICON = Lexicon()
LEARNED = Learned()
MARKS = fingerprint(ENCODER, CHARS, LEARNED)


def data_of(given: Sequence[Document], encoder: HashEncoder = ENCODER) -> SegmentData:
    return prepare(given, encoder, LEXICON, passage_chars=CHARS, progress=lambda stage, done, total: None)


def add(store: LocalStore, *given: Document, **more: object) -> int:
    more.setdefault("expected", store.generation())
    return store.add(data_of(given), fingerprint=MARKS, learned=LEARNED, **more)  # type: ignore[arg-type]


def texts(view: View) -> list[str]:
    return [view.passage(number)[0].text for number in range(view.count)]


def find(view: View, query: str, k: int = 10, filter: Filter | None = None) -> list[Candidate]:
    return view.candidates(LEXICON.terms(query), ENCODER.encode_queries([query])[0], k, filter)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    """Three documents in two segments, and a replaced and a removed one."""
    store = LocalStore(tmp_path_factory.mktemp("index") / "default")
    add(store, *documents()[:2], document("# 云\n\n云在天上。\n", "gone.md"))
    add(store, document(STONES.replace("硬", "软"), "stones.md"))
    add(store, replace(document(STONES, "stones.md"), version=2))
    store.remove([document("# 云", "gone.md").id])
    return store.view()


def vectors_of(view: View) -> npt.NDArray[np.float32]:
    data = data_of(view.documents())
    assert sorted(p.text for p in data.passages) == sorted(texts(view))
    by_text = {p.text: data.vectors[data.windows == n][0] for n, p in enumerate(data.passages)}
    return np.array([by_text[text] for text in texts(view)])


def test_a_generation_holds_what_is_live(view: View) -> None:
    assert view.generation == 4
    assert [d.key for d in view.documents()] == ["birds.md", "stones.md", "trees.md"]
    assert "花岗岩很硬。" in " ".join(texts(view))
    assert not any("软" in text or "云在天上" in text for text in texts(view))
    assert view.frequency("云在") == view.frequency("#天上") == 0


def test_passages_stand_in_their_documents(view: View) -> None:
    for number in range(view.count):
        passage, vectors = view.passage(number)
        stored = view.document(passage.document_id)
        assert stored is not None
        assert stored.text[passage.start : passage.end] == passage.text
        assert passage.version == stored.version
        assert vectors.shape == (len(passage.units), ENCODER.dimension)
        assert number in view.neighbours(passage.document_id)
        assert view.ref(passage.document_id).title == stored.title
    assert view.neighbours("doc_none") == []


def test_versions(view: View) -> None:
    stones = next(d for d in view.documents() if d.key == "stones.md")
    earlier = view.document(stones.id, 1)
    assert stones.version == 2
    assert earlier is not None
    assert "软" in earlier.text
    assert view.document(stones.id, 2) == view.document(stones.id) == stones
    assert view.document(stones.id, 3) is None
    assert view.document("doc_none") is None


def test_a_removed_document_answers_no_more_and_its_version_can_be_read(view: View) -> None:
    removed = document("# 云\n\n云在天上。\n", "gone.md")
    assert view.document(removed.id) is None
    assert view.neighbours(removed.id) == []
    assert view.document(removed.id, 1) == removed
    assert view.text(removed.id, 1, 3, 5) == "云在"
    assert view.document(removed.id, 2) is None


def test_the_dense_scores_are_the_cosines(view: View) -> None:
    vectors = vectors_of(view)
    for query in ("松果成熟", "白鹭吃什么", "无关"):
        expected = vectors @ ENCODER.encode_queries([query])[0]
        for k in (1, 2, view.count, view.count + 5):
            found = find(view, query, k)
            for candidate in found:
                assert candidate.dense == pytest.approx(expected[candidate.number], abs=1e-5)
            best = set(np.argsort(-expected, kind="stable")[:k].tolist())
            assert min(expected[list(best)]) <= min(sorted((c.dense for c in found), reverse=True)[:k]) + 1e-5
            assert len(found) >= min(k, view.count)


def test_candidates_are_the_best_of_both_with_both_scores(view: View) -> None:
    everything = {c.number: c for c in find(view, "松果成熟", view.count)}
    assert len(everything) == view.count
    for k in (1, 2, 3):
        found = find(view, "松果成熟", k)
        assert [c.number for c in found] == sorted({c.number for c in found})
        lexical = sorted((c for c in everything.values() if c.lexical > 0), key=lambda c: -c.lexical)[:k]
        dense = sorted(everything.values(), key=lambda c: -c.dense)[:k]
        assert {c.number for c in found} == {c.number for c in (*lexical, *dense)}
        for candidate in found:
            assert candidate.lexical == pytest.approx(everything[candidate.number].lexical)
            assert candidate.dense == pytest.approx(everything[candidate.number].dense, abs=1e-5)


@pytest.mark.parametrize(
    ("filter", "keys"),
    [
        (Filter(), {"trees.md", "birds.md", "stones.md"}),
        (Filter(tags=("动物", "矿物")), {"birds.md"}),
        (Filter(tags=("乔木",), published_after="2024-01-01"), set()),
        (Filter(published_after="2023-05-01"), {"trees.md", "birds.md"}),
        (Filter(published_before="2023-05-01"), {"trees.md"}),
        (Filter(published_after="2023-05-02", published_before="2024-02-10"), {"birds.md"}),
        (Filter(documents=("doc_none",)), set()),
    ],
)
def test_filters(view: View, filter: Filter, keys: set[str]) -> None:
    held = {d.id: d.key for d in view.documents()}
    for k in (1, view.count):
        found = {held[view.passage(c.number)[0].document_id] for c in find(view, "它的叶子", k, filter)}
        assert found <= keys
        assert bool(found) == bool(keys)
    assert found == keys


def test_a_filter_by_document(view: View) -> None:
    for held in view.documents():
        found = find(view, "它", view.count, Filter(documents=(held.id,)))
        assert sorted(c.number for c in found) == view.neighbours(held.id)


def test_a_passage_of_many_windows_does_not_crowd_out_others(tmp_path: Path) -> None:
    small = HashEncoder(64, max_tokens=4)
    store = LocalStore(tmp_path / "default")
    given = [
        document("长长长长" * 40 + "。\n", "long.md"),
        document("长长短短。\n", "short.md"),
        document("别的。\n", "other.md"),
    ]
    marks = fingerprint(small, CHARS, LEARNED)
    store.add(data_of(given, small), expected=0, fingerprint=marks, learned=LEARNED)
    for k in (1, 2, 3):
        assert len(store.view().candidates([], small.encode_queries(["长长长长"])[0], k, None)) == k


def test_another_stores_generation_is_seen_and_an_open_view_stays(tmp_path: Path) -> None:
    reader, writer = LocalStore(tmp_path / "default"), LocalStore(tmp_path / "default")
    with pytest.raises(IndexMissingError):
        reader.view()
    add(writer, document(TREES, "trees.md"))
    old = reader.view()
    assert old is reader.view()
    before = texts(old)
    add(writer, document(BIRDS, "birds.md"), replace=True, keep_days=0)
    assert [d.key for d in reader.view().documents()] == ["birds.md"]
    assert (old.generation, reader.view().generation) == (1, 2)
    assert texts(old) == before  # its files are unlinked, and still open
    assert len(list((tmp_path / "default").glob("segment-*"))) == 1


def test_add_and_remove_are_one_generation(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    trees, birds = document(TREES, "trees.md"), document(BIRDS, "birds.md")
    add(store, trees)
    assert add(store, birds, remove=[trees.id, "doc_none"]) == 2
    assert [d.key for d in store.view().documents()] == ["birds.md"]
    assert store.document_ids() == {birds.id}
    assert store.remove([birds.id]) == 3
    assert store.document_ids() == set()
    empty = store.view()
    assert (empty.count, empty.documents(), find(empty, "松树")) == (0, [], [])
    assert add(store, trees) == 4
    assert store.view().document(trees.id) == trees


def test_vectors_of_another_make_are_refused(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    add(store, document(TREES, "trees.md"))
    with pytest.raises(IndexMismatchError, match="Run the command again"):
        store.add(data_of([]), expected=1, fingerprint={**MARKS, "engine": "another"}, learned=LEARNED)
    assert store.view().generation == 1


def test_readers_never_see_half_a_replacement(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    data = [data_of([document(TREES, "trees.md")]), data_of([document(BIRDS, "birds.md")])]
    add(store, document(TREES, "trees.md"))
    done, wrong = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            try:
                held = LocalStore(tmp_path / "default").view()
                assert len(held.documents()) == 1
                assert len(texts(held)) == held.count
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(30):
        store.add(data[turn % 2], expected=turn + 1, fingerprint=MARKS, learned=LEARNED, replace=True)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []


FULL = """
import resource, sys
from pathlib import Path
from rag.errors import StorageError
from tests.rag.index.samples import BIRDS, built, documents, document

given = [*documents(), document(BIRDS + "\\n鹭也吃青蛙。\\n", "more.md")]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    built(Path(sys.argv[1]), given)
except StorageError as error:
    print(error.en)
"""


@pytest.mark.parametrize("limit", [0, 1000, 5000])
def test_a_write_that_fails_leaves_the_old_generation(tmp_path: Path, limit: int) -> None:
    store, _ = built(tmp_path / "default", documents())
    there = sorted(path.name for path in store.folder.iterdir())
    command = [sys.executable, "-c", FULL, str(store.folder), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert f"Cannot write to {store.folder}" in done.stdout
    assert sorted(path.name for path in store.folder.iterdir()) == there
    held = LocalStore(store.folder).view()
    assert held.generation == 1
    assert {d.key: d for d in held.documents()} == {d.key: d for d in documents()}


def test_a_file_in_the_folders_place_is_the_disks_matter(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("")
    with pytest.raises(StorageError, match="Cannot write to"):
        add(LocalStore(tmp_path / "index" / "default"), document(TREES, "trees.md"))


def test_what_an_interrupted_write_left_is_swept_away(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    add(store, document(TREES, "trees.md"))
    (store.folder / "segment-half").mkdir()
    (store.folder / "segment-half" / "windows.npy").write_bytes(b"")
    add(store, document(BIRDS, "birds.md"))
    assert not (store.folder / "segment-half").exists()
    assert len(store.view().documents()) == 2


def test_damage_is_told_and_a_fresh_build_mends_it(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    add(store, document(TREES, "trees.md"))
    (segment,) = store.folder.glob("segment-*")
    (segment / "units.npy").unlink()
    with pytest.raises(IndexCorruptError, match=r"units\.npy is missing"):
        LocalStore(store.folder).view()
    with pytest.raises(IndexCorruptError, match=r"units\.npy is missing"):
        add(LocalStore(store.folder), document(BIRDS, "birds.md"))
    (store.folder / "manifest.json").write_text("{")
    assert add(LocalStore(store.folder), document(BIRDS, "birds.md"), replace=True) == 1
    assert [d.key for d in store.view().documents()] == ["birds.md"]


def test_a_write_decided_by_another_generation_is_refused(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    trees, birds = document(TREES, "trees.md"), document(BIRDS, "birds.md")
    assert store.generation() == 0
    add(store, trees)
    assert store.generation() == 1
    for expected in (0, 2):
        with pytest.raises(OvertakenError):
            add(store, birds, expected=expected)
        with pytest.raises(OvertakenError):
            add(store, birds, expected=expected, replace=True)
        with pytest.raises(OvertakenError):
            store.remove([trees.id], expected=expected)
    assert [d.key for d in store.view().documents()] == ["trees.md"]
    assert len(list(store.folder.glob("segment-*"))) == 1
    assert store.remove([trees.id], expected=1) == 2


def test_a_piece_of_a_text_is_read_alone(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "default")
    first = replace(document("一二三\n", "a.md"), text="一二\0三四", blocks=())
    second = replace(first, text="五六七八九", version=2)
    add(store, first)
    assert store.view().text(first.id, 1, 1, 4) == "二\0三"
    add(store, second)
    view = store.view()
    assert view.text(first.id, 2, 1, 3) == "六七"
    assert view.text(first.id, 1, 3, 5) == "三四"
    assert view.text(first.id, 3, 0, 2) == view.text("doc_none", 1, 0, 2) == ""
    assert view.text(first.id, 2, 3, 99) == "八九"
    assert view.versions() == {first.id: 2}
    store.remove([first.id])
    assert store.view().versions() == {first.id: 2}


def test_a_segment_that_is_open_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LocalStore(tmp_path / "default")
    add(store, document(TREES, "trees.md"))
    hashed: list[str] = []

    def watched(folder: Path, *args: object, deep: bool, **more: object) -> None:
        if deep:
            hashed.append(folder.name)
        verify(folder, *args, deep=deep, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("rag.index.texts.verify", watched)
    (first,) = {path.name for path in store.folder.glob("segment-*")}
    store.view()
    add(store, document(BIRDS, "birds.md"))
    (second,) = {path.name for path in store.folder.glob("segment-*")} - {first}
    store.view()
    store.remove([document(BIRDS, "birds.md").id])
    assert [d.key for d in store.view().documents()] == ["trees.md"]
    assert hashed == [first, second]
    store.close()
    gc.collect()
    store.view()
    assert hashed[2:] == sorted(hashed[2:], key=[first, second].index) == [first, second]


def test_files_are_let_go_with_their_last_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[str] = []
    opened = Segment.__init__

    def init(self: Segment, folder: Path, *args: object, **more: object) -> None:
        opened(self, folder, *args, **more)  # type: ignore[arg-type]
        weakref.finalize(self, closed.append, folder.name)

    monkeypatch.setattr(Segment, "__init__", init)
    store = LocalStore(tmp_path / "default")
    add(store, document(TREES, "trees.md"))
    reading = store.view()
    (first,) = {path.name for path in store.folder.glob("segment-*")}
    add(store, document(BIRDS, "birds.md"), replace=True, keep_days=0)
    assert [d.key for d in store.view().documents()] == ["birds.md"]
    gc.collect()
    assert first not in closed
    assert [d.key for d in reading.documents()] == ["trees.md"]
    del reading
    gc.collect()
    assert closed == [first]
    store.close()
    gc.collect()
    assert len(closed) == 2
    assert [d.key for d in store.view().documents()] == ["birds.md"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["add", "remove"])), min_size=1, max_size=5))
def test_any_order_of_writes_ends_as_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    store = LocalStore(tmp_path_factory.mktemp("any") / "default")
    add(store)
    expected: dict[str, str] = {}
    for number, (name, what) in enumerate(steps):
        made = document(f"# {name}\n\n第{number}次写的{name}。\n", f"{name}.md")
        if what == "add":
            add(store, made)
            expected[made.key] = made.text
        else:
            store.remove([made.id])
            expected.pop(made.key, None)
    held = store.view()
    assert {d.key: d.text for d in held.documents()} == expected
    assert held.generation == len(steps) + 1
    assert held.count == len(expected)
