from rag import Assistant, Filter


def test_langchain_takes_the_search_as_a_retriever(bundled: Assistant) -> None:
    found = bundled.as_retriever(top_k=3).invoke("谁生产快速接头")
    assert len(found) == 3
    assert any("快速接头" in document.page_content for document in found)
    facts = found[0].metadata
    stored = bundled.document(facts["id"], facts["version"]).text
    assert stored[facts["start"] : facts["end"]] == found[0].page_content


def test_its_filter_holds(bundled: Assistant) -> None:
    only = next(document for document in bundled.documents() if document.key == "cloud.md")
    found = bundled.as_retriever(filter=Filter(documents=(only.id,))).invoke("谁生产快速接头")
    assert {document.metadata["id"] for document in found} == {only.id}
