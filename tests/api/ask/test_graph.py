"""GET /v1/graph, as a client sees it."""

from __future__ import annotations

from fastapi.testclient import TestClient

from api.ask.graph import GraphReply
from tests.api.fake import FakeAssistant
from tests.api.test_app import conform


def test_the_whole_map(client: TestClient, fake: FakeAssistant) -> None:
    reply = client.get("/v1/graph").json()
    conform(GraphReply, reply)
    assert fake.calls[-1] == {"node": None, "limit": 1000}
    assert reply["index"] == {"collection": "default", "generation": 12}
    assert reply["node"] is None
    assert (reply["total_nodes"], reply["total_edges"]) == (2, 1)
    edge = reply["edges"][0]
    assert {edge["source"], edge["target"]} <= {node["id"] for node in reply["nodes"]}


def test_every_edge_has_the_words_it_was_read_from(client: TestClient) -> None:
    reply = client.get("/v1/graph").json()
    cited = {citation["id"]: citation for citation in reply["citations"]}
    for edge in reply["edges"]:
        for number in edge["citations"]:
            citation = cited[number]
            text = client.get(f"/v1/documents/{citation['document']['id']}").json()["text"]
            assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_one_node_and_a_limit(client: TestClient, fake: FakeAssistant) -> None:
    reply = client.get("/v1/graph", params={"node": "青禾茶园", "limit": 5}).json()
    assert reply["node"] == "node_1"
    assert fake.calls[-1] == {"node": "青禾茶园", "limit": 5}


def test_an_unknown_node_is_404_with_names_near_it(client: TestClient) -> None:
    reply = client.get("/v1/graph", params={"node": "青禾"})
    assert reply.status_code == 404
    assert reply.json()["error"]["code"] == "not_found"
    assert reply.json()["error"]["param"] == "node"
    assert "青禾茶园" in reply.json()["error"]["message"]


def test_wrong_parameters_are_422(client: TestClient) -> None:
    for wrong in ({"node": " "}, {"node": "x" * 201}, {"limit": 0}, {"limit": 5001}, {"limit": "many"}):
        reply = client.get("/v1/graph", params=wrong)
        assert reply.status_code == 422, wrong
        assert reply.json()["error"]["param"] == next(iter(wrong))


def test_it_is_documented(client: TestClient) -> None:
    spec = client.get("/openapi.json").json()
    reply = spec["paths"]["/v1/graph"]["get"]["responses"]
    assert reply["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/GraphReply")
    assert reply["404"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorReply")
