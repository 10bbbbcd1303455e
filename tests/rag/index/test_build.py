import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import IndexBusyError, IndexCorruptError, IndexMismatchError, InputError
from rag.index.build import Built, build, check, fingerprint
from rag.index.embed import HashEncoder
from rag.index.local import LocalStore
from rag.text.words import Learned, Lexicon
from rag.types import Document
from tests.rag.index.samples import BIRDS, CHARS, ENCODER, STONES, TREES, built, document, documents


class Counting(HashEncoder):
    """Counts the passages that it encodes."""

    def __init__(self) -> None:
        super().__init__(64)
        self.encoded = 0

    def encode_passages(self, texts, spans=None, *, progress=None):  # type: ignore[no-untyped-def]
        """See :meth:`HashEncoder.encode_passages`."""
        self.encoded += len(texts)
        return super().encode_passages(texts, spans, progress=progress)


def versions(store: LocalStore) -> dict[str, int]:
    return {d.key: d.version for d in store.view().documents()}


class Interrupted(Counting):
    """Lets another writer act before each of the first ``times`` encodings."""

    def __init__(self, act: Callable[[], object], times: int = 1) -> None:
        super().__init__()
        self._act, self._times = act, times

    def encode_passages(self, texts, spans=None, *, progress=None):  # type: ignore[no-untyped-def]
        """See :meth:`HashEncoder.encode_passages`."""
        if self._times:
            self._times -= 1
            self._act()
        return super().encode_passages(texts, spans, progress=progress)  # type: ignore[no-untyped-call]


CHANGED = document(STONES.replace("硬", "脆"), "stones.md")


def test_only_what_changed_is_done_again(tmp_path: Path) -> None:
    store, first = built(tmp_path / "default", documents())
    assert (first.generation, first.added, first.replaced, first.removed, first.unchanged) == (1, 3, 0, 0, 0)
    assert first.passages == store.view().count

    encoder = Counting()
    _, again = built(store.folder, documents(), encoder=encoder)
    assert again == Built(1, 0, 0, 0, 3, 0)
    assert encoder.encoded == 0

    trees, birds, _ = documents()
    _, changed = built(store.folder, [trees, birds, CHANGED], encoder=encoder)
    assert changed == Built(2, 0, 1, 0, 2, encoder.encoded)
    assert encoder.encoded == len(store.view().neighbours(CHANGED.id)) > 0
    assert versions(store) == {"birds.md": 1, "stones.md": 2, "trees.md": 1}


def test_changing_and_removing_is_one_generation(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    added = document("# 云\n\n云在天上。\n", "cloud.md")
    _, done = built(store.folder, [documents()[0], CHANGED, added])
    assert (done.generation, done.added, done.replaced, done.removed, done.unchanged) == (2, 1, 1, 1, 1)
    assert versions(store) == {"cloud.md": 1, "stones.md": 2, "trees.md": 1}
    _, done = built(store.folder, [added])
    assert (done.generation, done.removed, done.unchanged, done.passages) == (3, 2, 1, 0)


def test_what_is_kept_stays(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    trees, birds, stones = documents()
    for fresh in (False, True):
        done = build(store, [trees], ENCODER, passage_chars=CHARS, keep=[birds.id, "doc_none"], fresh=fresh)
        assert versions(store) == {"birds.md": 1, "trees.md": 1}
        assert store.view().document(birds.id) == birds
        assert done.removed == (0 if fresh else 1)
    assert store.view().document(stones.id) is None


def test_a_fresh_build_carries_versions_over(tmp_path: Path) -> None:
    trees, birds, stones = documents()
    store, _ = built(tmp_path / "default", [trees, birds, stones])
    built(store.folder, [trees, birds, CHANGED])
    changed_again = document(STONES.replace("硬", "重"), "stones.md")
    encoder = Counting()
    _, done = built(store.folder, [trees, changed_again], fresh=True, encoder=encoder)
    assert versions(store) == {"stones.md": 3, "trees.md": 1}
    assert (done.generation, done.added, done.replaced, done.removed, done.unchanged) == (3, 0, 1, 1, 1)
    assert encoder.encoded == done.passages == store.view().count

    _, done = built(store.folder, store.view().documents(), fresh=True, passage_chars=CHARS * 2)
    assert versions(store) == {"stones.md": 3, "trees.md": 1}
    assert (done.generation, done.replaced, done.unchanged) == (4, 0, 2)


def test_a_fresh_build_learns_anew_and_an_update_does_not(tmp_path: Path) -> None:
    taught = document("# 钳具\n\n**栾郗锤**很重。\n", "tools.md")
    store, _ = built(tmp_path / "default", documents())
    built(store.folder, [*documents(), taught])
    assert "栾郗锤" not in store.view().learned.terms
    built(store.folder, [*documents(), taught], fresh=True)
    assert "栾郗锤" in store.view().learned.terms
    assert store.view().frequency("栾郗锤") == 1


def test_a_damaged_index_is_only_built_over_afresh(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    (segment,) = store.folder.glob("segment-*")
    (segment / "terms.npz").write_bytes(b"")
    with pytest.raises(IndexCorruptError):
        built(store.folder, documents())
    _, done = built(store.folder, documents(), fresh=True)
    assert (done.generation, done.added) == (2, 3)


@pytest.mark.parametrize(
    ("field", "encoder", "passage_chars"),
    [("splitter", ENCODER, CHARS + 1), ("engine", HashEncoder(32), CHARS)],
)
def test_an_index_of_another_make_is_refused_by_the_name_that_differs(
    tmp_path: Path, field: str, encoder: HashEncoder, passage_chars: int
) -> None:
    store, _ = built(tmp_path / "default", documents())
    with pytest.raises(IndexMismatchError) as caught:
        built(store.folder, documents(), encoder=encoder, passage_chars=passage_chars)
    assert f"with {field} " in caught.value.en
    assert f"`suanlian doctor --repair --index {tmp_path}`" in caught.value.en
    assert field in caught.value.zh
    assert store.view().generation == 1
    built(store.folder, documents(), encoder=encoder, passage_chars=passage_chars, fresh=True)
    check(store.view().fingerprint, encoder, passage_chars, store.view().learned, "x")


@pytest.mark.parametrize("name", sorted(fingerprint(ENCODER, CHARS, Learned())))
def test_each_field_of_the_fingerprint_counts(name: str) -> None:
    found = fingerprint(ENCODER, CHARS, Learned())
    check(found, ENCODER, CHARS, Learned(), "x")
    with pytest.raises(IndexMismatchError, match=f"with {name} 'other'"):
        check({**found, name: "other"}, ENCODER, CHARS, Learned(), "x")
    with pytest.raises(IndexMismatchError, match=f"with {name} None"):
        check({k: v for k, v in found.items() if k != name}, ENCODER, CHARS, Learned(), "x")


def test_the_lexicon_is_part_of_the_fingerprint() -> None:
    prints = {
        fingerprint(ENCODER, CHARS, learned)["lexicon"]
        for learned in (Learned(), Learned(("松果",)), Learned(("松果", "桦树")), Learned(("松果",), (("甲", "乙"),)))
    }
    assert len(prints) == 4


def test_two_documents_of_one_key_are_refused(tmp_path: Path) -> None:
    twice = [document(TREES, "trees.md"), document(BIRDS, "trees.md")]
    with pytest.raises(InputError, match=r"Two documents have the key trees\.md"):
        built(tmp_path / "default", twice)


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    store = LocalStore(tmp_path / "default")
    done = build(
        store,
        documents(),
        ENCODER,
        passage_chars=CHARS,
        progress=lambda *step: told.append(step),
    )
    assert told[:2] == [("learn", 0, 1), ("learn", 1, 1)]
    assert told[-1] == ("encode", done.passages, done.passages)


def test_a_passage_is_found_by_the_section_it_stands_in(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", [document("# 器具\n\n## 栾郗锤\n\n它很重。\n")])
    view = store.view()
    terms = Lexicon(view.learned.terms).terms("栾郗锤")
    (found,) = view.candidates(terms, ENCODER.encode_queries(["栾郗锤"])[0], 1, None)
    assert found.lexical > 0
    assert view.passage(found.number)[0].text == "它很重。"


def test_the_metadata_alone_makes_a_new_version(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", [document(TREES, "trees.md")])
    dated = document(TREES.replace("2023-05-01", "2023-05-02"), "trees.md")
    built(store.folder, [dated])
    held: Document | None = store.view().document(dated.id)
    assert held == replace(dated, version=2)


def test_the_encoder_reads_one_script_and_what_is_stored_keeps_its_own(tmp_path: Path) -> None:
    traditional = document("# 樹\n\n銀杏樹的葉子是扇形的。\n", "trees.md")
    simple = document("# 树\n\n银杏树的叶子是扇形的。\n", "trees.md")
    views = [built(tmp_path / d.id / name, [d])[0].view() for name, d in (("a", traditional), ("b", simple))]
    (passage, vectors), (_, others) = (view.passage(0) for view in views)
    assert passage.text == "銀杏樹的葉子是扇形的。"
    assert (vectors == others).all()


def test_a_document_that_comes_again_is_numbered_above_what_is_kept_of_it(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    trees, birds, stones = documents()
    built(store.folder, [trees, birds])
    _, done = built(store.folder, [trees, birds, CHANGED])
    assert (done.added, done.replaced) == (1, 0)
    view = store.view()
    assert versions(store) == {"birds.md": 1, "stones.md": 2, "trees.md": 1}
    assert view.document(CHANGED.id) == view.document(CHANGED.id, 2) == replace(CHANGED, version=2)
    assert view.document(stones.id, 1) == stones
    for number in view.neighbours(CHANGED.id):
        passage, _ = view.passage(number)
        quoted = view.document(passage.document_id, passage.version)
        assert quoted is not None and quoted.text[passage.start : passage.end] == passage.text
    built(store.folder, [trees, birds, CHANGED], fresh=True)
    assert versions(store)["stones.md"] == 2


def test_the_same_document_removed_and_added_is_another_version(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    trees, birds, stones = documents()
    for again in (2, 3):
        built(store.folder, [trees, birds])
        built(store.folder, [trees, birds, stones])
        assert store.view().document(stones.id) == replace(stones, version=again)


def test_a_first_build_that_is_overtaken_takes_up_what_the_other_made(tmp_path: Path) -> None:
    trees, birds, stones = documents()
    store = LocalStore(tmp_path / "default")
    encoder = Interrupted(lambda: built(store.folder, [trees, CHANGED]))
    done = build(store, [birds, stones], encoder, passage_chars=CHARS, keep=[trees.id])
    assert (done.generation, done.added, done.replaced, done.removed) == (2, 1, 1, 0)
    assert versions(store) == {"birds.md": 1, "stones.md": 2, "trees.md": 1}
    assert store.view().document(CHANGED.id, 1) == CHANGED


def test_two_builds_at_once_never_number_two_texts_alike(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    trees, birds, _ = documents()
    mine = document(STONES.replace("硬", "重"), "stones.md")
    encoder = Interrupted(lambda: built(store.folder, [trees, birds, CHANGED]))
    done = build(store, [trees, birds, mine], encoder, passage_chars=CHARS)
    assert (done.generation, done.replaced, versions(store)["stones.md"]) == (3, 1, 3)
    view = store.view()
    assert view.document(mine.id, 2) == replace(CHANGED, version=2)
    assert view.document(mine.id, 3) == replace(mine, version=3)


def test_what_is_encoded_already_is_not_encoded_again_for_being_overtaken(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    added = document("# 云\n\n云在天上。\n", "cloud.md")
    encoder = Interrupted(lambda: store.remove([documents()[0].id]))
    done = build(store, [added], encoder, passage_chars=CHARS, keep=[d.id for d in documents()])
    assert (done.generation, done.added, encoder.encoded) == (3, 1, done.passages)
    assert set(versions(store)) == {"birds.md", "stones.md", "cloud.md"}


def test_a_build_that_is_overtaken_every_time_gives_up(tmp_path: Path) -> None:
    store, _ = built(tmp_path / "default", documents())
    texts = iter(range(99))

    def other() -> None:
        built(store.folder, [document(f"# 云\n\n云有{next(texts)}朵。\n", "stones.md")], fresh=True)

    with pytest.raises(IndexBusyError, match="Run the command again"):
        build(store, [CHANGED], Interrupted(other, times=99), passage_chars=CHARS)
    assert next(texts) == 5


def test_builds_in_threads_lose_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "default"
    given = [document(f"# 云\n\n云有{n}朵。\n", f"{n}.md") for n in range(4)]
    ids = [d.id for d in given]
    wrong: list[Exception] = []

    def work(one: Document) -> None:
        try:
            build(LocalStore(folder), [one], ENCODER, passage_chars=CHARS, keep=ids)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert versions(LocalStore(folder)) == {f"{n}.md": 1 for n in range(4)}
