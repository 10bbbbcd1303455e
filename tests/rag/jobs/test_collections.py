import time
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.documents.assemble import document_from_text
from rag.errors import CollectionExistsError, CollectionNotFoundError, InputError
from rag.index.embed import HashEncoder
from rag.jobs.collections import (
    CollectionInfo,
    create_collection,
    delete_collection,
    has_collection,
    is_collection_name,
    list_collections,
)
from rag.jobs.documents import add_documents, remove_documents
from rag.settings import Settings

ENCODER = HashEncoder()
TEA = document_from_text("绿茶产于云岭。红茶产于南坡。", key="tea")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(index=tmp_path / "index", model="hash")


def test_collections_are_listed_with_what_they_hold(settings: Settings) -> None:
    assert list_collections(settings) == []
    begun = int(time.time())
    made = create_collection(settings, "工坊-1", encoder=ENCODER)
    assert (made.name, made.documents, made.passages, made.generation) == ("工坊-1", 0, 0, 1)
    assert begun <= made.created <= time.time()
    add_documents([TEA, document_from_text("渡船每天开六班。", key="boat")], settings, encoder=ENCODER)
    remove_documents([TEA.id], settings)
    (settings.index / ".state").mkdir()
    (settings.index / "empty").mkdir()
    (settings.index / "broken").mkdir()
    (settings.index / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    assert [(c.name, c.documents, c.passages, c.generation) for c in list_collections(settings)] == [
        ("default", 1, 1, 2),
        ("工坊-1", 0, 0, 1),
    ]


def test_a_collection_is_as_old_as_its_first_generation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.index.local._now", lambda: "2024-01-02T03:04:05+00:00")
    made = create_collection(settings, "old", encoder=ENCODER)
    monkeypatch.undo()
    add_documents([TEA], settings.model_copy(update={"collection": "old"}), encoder=ENCODER)
    assert made == CollectionInfo("old", 0, 0, 1, 1704164645)
    assert list_collections(settings)[0].created == made.created


def test_a_name_is_taken_once(settings: Settings) -> None:
    create_collection(settings, "a", encoder=ENCODER)
    with pytest.raises(CollectionExistsError):
        create_collection(settings, "a", encoder=ENCODER)


@pytest.mark.parametrize("name", ["", "a b", "../a", ".hidden", "a\n", "a" * 65, "a\0"])
def test_what_is_no_name(settings: Settings, name: str) -> None:
    assert not is_collection_name(name)
    assert not has_collection(settings, name)
    with pytest.raises(InputError) as caught:
        create_collection(settings, name, encoder=ENCODER)
    assert caught.value.param == "name"
    with pytest.raises(CollectionNotFoundError):
        delete_collection(settings, name)
    assert not settings.index.exists()


def test_an_empty_collection_opens_and_has_no_answer(settings: Settings) -> None:
    create_collection(settings, "default", encoder=ENCODER)
    assistant = Assistant.open(settings.index, settings=settings, encoder=ENCODER)
    assistant.warm()
    for question in ("绿茶产于哪里", "谁生产揉捻机", "Who makes tea?", "对比绿茶和红茶"):
        answer = assistant.ask(question, explain=True)
        assert answer.refused
        assert answer.citations == ()
        assert answer.related == ()
    assert assistant.search("绿茶") == []
    assert assistant.documents() == []
    graph = assistant.graph()
    assert (graph.nodes, graph.edges) == ((), ())
    add_documents([TEA], settings, encoder=ENCODER)
    assert "云岭" in assistant.ask("绿茶产于哪里").text


def test_a_deleted_collection_is_gone_and_the_others_stay(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    create_collection(settings, "other", encoder=ENCODER)
    delete_collection(settings, "other")
    assert [c.name for c in list_collections(settings)] == ["default"]
    assert [path.name for path in settings.index.iterdir()] == ["default"]
    with pytest.raises(CollectionNotFoundError):
        delete_collection(settings, "other")
    assert create_collection(settings, "other", encoder=ENCODER).generation == 1


def test_readers_in_flight_keep_a_deleted_collection(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    assistant = Assistant.open(settings.index, settings=settings, encoder=ENCODER)
    view = assistant._opened().view
    delete_collection(settings, "default")
    passage, vectors = view.passage(0)
    assert "云岭" in passage.text
    assert len(vectors) == len(passage.units)
    assert view.document(TEA.id) == TEA


def test_an_assistant_beside_another_shares_the_model_and_nothing_else(settings: Settings) -> None:
    add_documents([TEA], settings, encoder=ENCODER)
    other = settings.model_copy(update={"collection": "other"})
    add_documents([document_from_text("绿茶产于石门。", key="tea")], other, encoder=ENCODER)
    first = Assistant.open(settings.index, settings=settings, encoder=ENCODER)
    second = first.beside("other")
    assert (first.collection, second.collection) == ("default", "other")
    for assistant, said, unsaid in ((first, "云岭", "石门"), (second, "石门", "云岭")):
        answer = assistant.ask("绿茶产于哪里")
        assert said in answer.text
        assert answer.collection == assistant.collection
        assert not any(unsaid in citation.text for citation in answer.citations)
    for name in ("none", "../default", ""):
        with pytest.raises(CollectionNotFoundError):
            first.beside(name)


def test_an_assistant_opens_the_collection_that_is_named(settings: Settings) -> None:
    boat = document_from_text("渡船每天开六班。", key="boat")
    add_documents([TEA], settings, encoder=ENCODER)
    add_documents([boat], settings.model_copy(update={"collection": "river"}), encoder=ENCODER)
    river = Assistant.open(settings.index, collection="river", settings=settings, encoder=ENCODER)
    assert (river.collection, [document.id for document in river.documents()]) == ("river", [boat.id])
    with pytest.raises(CollectionNotFoundError, match="'sea'"):
        Assistant.open(settings.index, collection="sea", settings=settings, encoder=ENCODER)
