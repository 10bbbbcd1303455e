import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from rag.errors import IndexBusyError, IndexMismatchError, IndexMissingError
from rag.index.build import Built, build
from rag.index.compact import compact
from rag.index.embed import HashEncoder
from rag.index.local import LocalStore
from rag.index.manifest import MANIFEST, _digest, publish, read_manifest
from rag.index.store import OvertakenError
from tests.rag.index.samples import BIRDS, CHARS, ENCODER, STONES, TREES, document, documents

CLOUD = document("# 云\n\n云在天上。\n", "cloud.md")
SOFT = document(STONES.replace("硬", "软"), "stones.md")


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """Three documents in three segments; a fourth that was deleted and an earlier version of one."""
    store = LocalStore(tmp_path / "default")
    for given in ([document(TREES, "trees.md"), CLOUD], [SOFT], [document(BIRDS, "birds.md")]):
        build(store, given, ENCODER, passage_chars=CHARS, others=True)
    build(store, documents(), ENCODER, passage_chars=CHARS)
    return store


def dated(store: LocalStore, since: str) -> None:
    """Let all that is dead be so since then."""
    held = read_manifest(store.folder)
    segments = tuple(replace(entry, dead=dict.fromkeys(entry.dead, since)) for entry in held.segments)
    publish(store.folder, replace(held, segments=segments))


def found(store: LocalStore) -> list[tuple[str, float, float]]:
    view = store.view()
    vector = ENCODER.encode_queries(["白鹭吃什么"])[0]
    scored = view.candidates(["白鹭", "花岗岩", "桦树"], vector, 10, None)
    return sorted((view.passage(c.number)[0].text, round(c.lexical, 3), round(c.dense, 5)) for c in scored)


def test_one_segment_holds_what_lives_and_is_found_as_before(store: LocalStore) -> None:
    before = store.view()
    texts = {before.passage(n)[0]: before.passage(n)[1] for n in range(before.count)}
    candidates, held = found(store), before.documents()
    done = compact(store, keep_days=0)
    view = store.view()
    assert done == Built(before.generation + 1, 0, 0, 0, 3, before.count)
    assert len(list(store.folder.glob("segment-*"))) == 1
    assert view.documents() == held
    for number in range(view.count):
        passage, vectors = view.passage(number)
        assert np.array_equal(vectors, texts.pop(passage))
    assert texts == {}
    assert found(store) == candidates


def test_it_needs_no_model_and_the_index_still_fits(store: LocalStore) -> None:
    compact(store)
    again = build(store, documents(), ENCODER, passage_chars=CHARS)
    assert (again.unchanged, again.added, again.replaced) == (3, 0, 0)


def test_young_texts_stay_readable_however_often_it_is_compacted(store: LocalStore) -> None:
    for _ in range(3):
        compact(store)
        view = store.view()
        assert view.document(SOFT.id, 1) == SOFT
        assert view.text(SOFT.id, 1, 0, len(SOFT.text)) == SOFT.text
        assert view.document(CLOUD.id, 1) == CLOUD
        assert view.document(CLOUD.id) is None
        assert [d.key for d in view.documents()] == ["birds.md", "stones.md", "trees.md"]
        assert view.versions() == {d.id: d.version for d in view.documents()} | {CLOUD.id: 1}
    assert len(list(store.folder.glob("segment-*"))) == 2


def test_many_versions_of_one_document_are_kept_side_by_side(store: LocalStore) -> None:
    given = []
    for turn in range(3, 8):
        given.append(document(f"# 石头\n\n花岗岩有{turn}种。\n", "stones.md"))
        build(store, given[-1:], ENCODER, passage_chars=CHARS, others=True)
        if turn == 5:
            compact(store)
    compact(store)
    view = store.view()
    for version, made in enumerate(given, 3):
        stored = view.document(made.id, version)
        assert stored is not None
        assert stored.text == made.text
    assert view.document(SOFT.id, 1) == SOFT
    assert len(list(store.folder.glob("segment-*"))) == 2


def test_old_texts_are_forgotten(store: LocalStore) -> None:
    dated(store, "2024-01-01T00:00:00+00:00")
    compact(store)
    view = store.view()
    assert view.document(SOFT.id, 1) is None
    assert view.document(CLOUD.id, 1) is None
    assert len(view.documents()) == 3
    left = b"".join(path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    assert "云在天上".encode() not in left
    assert "白鹭".encode() in left


@pytest.mark.parametrize(("days", "kept"), [(6.99, True), (7.01, False)])
def test_a_text_is_kept_for_seven_days(store: LocalStore, days: float, kept: bool) -> None:
    dated(store, (datetime.now(UTC) - timedelta(days=days)).isoformat())
    compact(store)
    assert (store.view().document(SOFT.id, 1) is not None) is kept
    assert (store.view().document(CLOUD.id, 1) is not None) is kept


def test_an_archive_is_forgotten_in_its_turn(store: LocalStore) -> None:
    compact(store)
    assert store.view().document(CLOUD.id, 1) == CLOUD
    dated(store, "2024-01-01T00:00:00+00:00")
    compact(store)
    assert store.view().document(CLOUD.id, 1) is None


@pytest.mark.parametrize("encoder", [ENCODER, HashEncoder(32)])
def test_an_index_made_anew_keeps_young_texts_too_even_with_another_model(
    store: LocalStore, encoder: HashEncoder
) -> None:
    build(store, [document(BIRDS, "birds.md")], encoder, passage_chars=CHARS, fresh=True)
    view = store.view()
    assert [d.key for d in view.documents()] == ["birds.md"]
    for gone in (SOFT, CLOUD):
        assert view.document(gone.id, 1) == gone
    trees = document(TREES, "trees.md")
    assert view.document(trees.id, 1) == trees
    assert build(store, [trees, document(BIRDS, "birds.md")], encoder, passage_chars=CHARS).added == 1
    assert {d.key: d.version for d in store.view().documents()} == {"birds.md": 1, "trees.md": 2}


def test_an_index_of_format_1_is_read_and_its_dead_are_young_since_it_was_written(store: LocalStore) -> None:
    path = store.folder / MANIFEST
    body = json.loads(path.read_text(encoding="utf-8"))["manifest"]
    body["format"] = 1
    del body["begun"]
    for entry in body["segments"]:
        entry["dead"] = sorted(entry["dead"])
    path.write_text(json.dumps({"manifest": body, "sha256": _digest(body)}), encoding="utf-8")
    assert read_manifest(store.folder).begun == body["created"]
    compact(store)
    assert store.view().document(CLOUD.id, 1) == CLOUD


def test_an_empty_index_is_compacted_to_an_empty_one(store: LocalStore) -> None:
    store.remove([d.id for d in documents()])
    assert compact(store).passages == 0
    view = store.view()
    assert (view.count, view.documents()) == (0, [])
    assert view.document(CLOUD.id, 1) == CLOUD
    assert build(store, [CLOUD], ENCODER, passage_chars=CHARS, others=True).added == 1
    assert [d.version for d in store.view().documents()] == [2]


def test_where_there_is_none_and_where_others_write(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexMissingError):
        compact(LocalStore(store.folder.parent / "none"))
    stored, times = LocalStore.add, [0]

    def overtaken(self: LocalStore, *args: object, **more: object) -> int:
        times[0] += 1
        if times[0] <= 2:
            raise OvertakenError("Another was first.")
        return stored(self, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(LocalStore, "add", overtaken)
    compact(store)
    assert times == [3]
    times[0] = -10
    with pytest.raises(IndexBusyError):
        compact(store)


def test_terms_cut_by_another_version_are_not_mixed(store: LocalStore) -> None:
    held = read_manifest(store.folder)
    publish(store.folder, replace(held, fingerprint={**held.fingerprint, "words": "0"}))
    with pytest.raises(IndexMismatchError, match="words"):
        compact(store)
