import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.documents.assemble import document_from_text
from rag.errors import CollectionNotFoundError, InputError, NotFoundError
from rag.index.build import Outcome
from rag.index.embed import HashEncoder
from rag.index.local import LocalStore
from rag.jobs.collections import create_collection, delete_collection, list_collections
from rag.jobs.documents import add_documents, remove_documents
from rag.jobs.ingest import ingest_documents, store_of
from rag.settings import Settings
from rag.types import Document

ENCODER = HashEncoder(64)


class Interrupted(HashEncoder):
    """Lets another act before the first encoding."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(64)
        self._act: Callable[[], object] | None = act

    def encode_passages(self, texts, spans=None, *, progress=None):  # type: ignore[no-untyped-def]
        """See :meth:`HashEncoder.encode_passages`."""
        act, self._act = self._act, None
        if act:
            act()
        return super().encode_passages(texts, spans, progress=progress)  # type: ignore[no-untyped-call]


def text(key: str, words: str, **more: str) -> Document:
    return document_from_text(words, key=key, **more)


TEA = text("tea", "绿茶产于云岭。红茶产于南坡。")
KILN = text("kiln", "河湾村有七座龙窑。")
BOAT = text("boat", "渡船每天开六班。")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", model="hash")


def held(settings: Settings) -> dict[str, int]:
    return {d.key: d.version for d in store_of(settings).view().documents()}


def test_adding_makes_the_collection_and_leaves_what_is_there(settings: Settings) -> None:
    first = add_documents([TEA], settings, encoder=ENCODER)
    assert (first.generation, first.added, first.removed) == (1, 1, 0)
    second = add_documents([KILN, text("tea", "绿茶产于南坡。")], settings, encoder=ENCODER)
    assert (second.added, second.replaced, second.removed, second.unchanged) == (1, 1, 0, 0)
    assert held(settings) == {"kiln": 1, "tea": 2}
    assert second.outcomes == (Outcome("kiln", KILN.id, 1, "added"), Outcome("tea", TEA.id, 2, "replaced"))
    again = add_documents([KILN], settings, encoder=ENCODER)
    assert again.outcomes == (Outcome("kiln", KILN.id, 1, "unchanged"),)
    assert again.generation == second.generation


def test_what_another_writer_adds_meanwhile_stays(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    other = Interrupted(lambda: add_documents([KILN], settings, encoder=ENCODER))
    done = add_documents([BOAT], settings, encoder=other)
    assert (done.generation, done.removed) == (store_of(settings).generation(), 0)
    assert held(settings) == {"boat": 1, "kiln": 1, "tea": 1}


def test_many_add_at_once_and_nothing_is_lost(settings: Settings) -> None:
    create_collection(settings, "default", encoder=ENCODER)
    wrong: list[Exception] = []

    def add(number: int) -> None:
        try:
            add_documents([text(f"note-{number}", f"第{number}号渡船。")], settings, encoder=ENCODER)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert held(settings) == {f"note-{number}": 1 for number in range(4)}


def test_the_same_content_is_one_document_and_its_holder_is_told(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    twin = text("copy of tea", TEA.text, title="抄本")
    done = add_documents([twin, KILN, text("kiln again", KILN.text)], settings, encoder=ENCODER)
    assert (done.added, done.unchanged) == (1, 2)
    assert [(o.key, o.id, o.state) for o in done.outcomes] == [
        ("copy of tea", TEA.id, "unchanged"),
        ("kiln", KILN.id, "added"),
        ("kiln again", KILN.id, "unchanged"),
    ]
    assert held(settings) == {"kiln": 1, "tea": 1}


def test_a_content_whose_holder_changes_or_goes_is_added(settings: Settings) -> None:
    add_documents([TEA, KILN], settings, encoder=ENCODER)
    moved = [text("tea", "绿茶产于石门。"), text("new tea", TEA.text)]
    assert [o.state for o in add_documents(moved, settings, encoder=ENCODER).outcomes] == ["replaced", "added"]
    twin = text("new kiln", KILN.text)
    done = ingest_documents([twin], settings, encoder=ENCODER)
    assert (done.added, done.removed) == (1, 3)
    assert held(settings) == {"new kiln": 1}


def test_the_metadata_makes_a_version_and_no_second_document(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    titled = text("tea", TEA.text, title="茶", published="2024-05-06")
    assert add_documents([titled], settings, encoder=ENCODER).replaced == 1
    (stored,) = store_of(settings).view().documents()
    assert (stored.version, stored.title, stored.published) == (2, "茶", "2024-05-06")


def test_two_documents_of_one_key_are_refused_and_nothing_is_written(settings: Settings) -> None:
    with pytest.raises(InputError, match="the key tea"):
        add_documents([TEA, text("tea", "别的。")], settings, encoder=ENCODER)
    assert list_collections(settings) == []


def test_removing_takes_all_that_are_named_or_none(settings: Settings) -> None:
    add_documents([TEA, KILN, BOAT], settings, encoder=ENCODER)
    with pytest.raises(NotFoundError, match="'doc_none'; nothing was removed"):
        remove_documents([TEA.id, "doc_none"], settings)
    assert len(held(settings)) == 3
    assert remove_documents([TEA.id, KILN.id], settings) == 2
    assert held(settings) == {"boat": 1}
    view = store_of(settings).view()
    assert view.document(TEA.id) is None
    assert view.document(TEA.id, 1) == TEA
    with pytest.raises(NotFoundError):
        remove_documents([TEA.id], settings)
    assert add_documents([TEA], settings, encoder=ENCODER).outcomes[0].version == 2


def test_removing_opens_no_index(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    add_documents([TEA, KILN], settings, encoder=ENCODER)
    with monkeypatch.context() as closed:
        closed.delattr(LocalStore, "view")  # which hashes every file
        assert remove_documents([TEA.id], settings) == 2
        with pytest.raises(NotFoundError):
            remove_documents([TEA.id], settings)
    assert list(held(settings)) == ["kiln"]


def test_removing_from_a_collection_that_is_not_there(settings: Settings) -> None:
    with pytest.raises(CollectionNotFoundError):
        remove_documents(["doc_1"], settings)


def test_a_collection_deleted_while_documents_are_added_is_not_made_again(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    other = Interrupted(lambda: delete_collection(settings, "default"))
    with pytest.raises(CollectionNotFoundError):
        add_documents([KILN], settings, encoder=other)
    assert list_collections(settings) == []


def test_the_first_documents_of_an_empty_collection_teach_it_their_terms(settings: Settings) -> None:
    create_collection(settings, "default", encoder=ENCODER)
    assert store_of(settings).view().learned.terms == ()
    words = "揉捻机的厂商有松岭茶机、岩上茶机、绿洲茶机和赤炉茶机等。"
    add_documents([text("mill", words)], settings, encoder=ENCODER)
    assert "岩上茶机" in store_of(settings).view().learned.terms


def test_documents_that_come_one_by_one_are_merged_and_teach_their_terms(settings: Settings) -> None:
    names = ["松岭茶机", "岩上茶机", "绿洲茶机", "赤炉茶机", "云脚茶机", "清溪茶机", "白鹤茶机", "石桥茶机"]
    for number in range(8):
        three = "、".join(names[number - k] for k in range(3))
        add_documents([text(f"note-{number}", f"第{number}种揉捻机的厂商有{three}等。")], settings, encoder=ENCODER)
    store = store_of(settings)
    assert len(held(settings)) == 8
    assert len(list(store.folder.glob("segment-*"))) < 8
    assert {"松岭茶机", "云脚茶机"} <= set(store.view().learned.terms)
    assert set(held(settings).values()) == {1}
