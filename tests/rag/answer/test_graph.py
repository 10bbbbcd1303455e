"""The map of who does what, and the words that each edge was read from."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Assistant, Graph, NotFoundError, ingest, load_settings
from rag.index.embed import Encoder

TEXT = """# 配电设备

## 开关设备

### 高压开关

高压开关的主要厂商有岚桥电气、澜石股份、Norvik等。

中碚电气股份有限公司（以下简称“中碚电气”）的全资子公司渝石科技生产避雷器。

### 避雷器（浪涌保护）

该环节相关布局厂商包括岚桥电气、中碚电气、泰屿股份等。

### 市场格局

国内竞争激烈。

#### 光纤连接器的厂商

光纤连接器的厂商主要有Norvik、Tessen、Halmar。

#### 国内光连接器厂商

能生产光连接器的企业有岚桥电气、澜石股份等。

## 传动装置

| 传动装置厂商 | 排名 |
|---|---|
| 泰屿股份 | 第1 |
"""


@pytest.fixture(scope="module")
def grid(model_dir: Path, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("grid")
    (folder / "files").mkdir()
    (folder / "files" / "grid.md").write_text(TEXT, encoding="utf-8")
    settings = load_settings(model_dir=model_dir, index=folder / "index")
    ingest([folder / "files"], settings, encoder=encoder)
    return Assistant.open(settings=settings, encoder=encoder)


def said(graph: Graph) -> set[tuple[str, str, str]]:
    names = {node.id: node.name for node in graph.nodes}
    return {(names[edge.source], edge.relation, names[edge.target]) for edge in graph.edges}


def holds(graph: Graph, assistant: Assistant) -> None:
    """Every edge is between nodes that are there, and has words that stand where its citation says."""
    ids = {node.id for node in graph.nodes}
    assert len(ids) == len(graph.nodes)
    assert [citation.id for citation in graph.citations] == list(range(1, len(graph.citations) + 1))
    used = {number for edge in graph.edges for number in edge.citations}
    assert used == {citation.id for citation in graph.citations}
    for edge in graph.edges:
        assert {edge.source, edge.target} <= ids
        assert edge.citations
    for citation in graph.citations:
        stored = assistant.document(citation.document.id, citation.document.version).text
        assert stored[citation.start : citation.end] == citation.quote
        assert citation.quote.strip() and citation.quote in citation.text


def test_the_map_of_a_small_text(grid: Assistant) -> None:
    graph = grid.graph()
    holds(graph, grid)
    assert said(graph) == {
        ("岚桥电气", "supplies", "高压开关"),
        ("澜石股份", "supplies", "高压开关"),
        ("Norvik", "supplies", "高压开关"),
        ("岚桥电气", "supplies", "避雷器"),
        ("中碚电气", "supplies", "避雷器"),
        ("泰屿股份", "supplies", "避雷器"),
        ("渝石科技", "supplies", "避雷器"),
        ("泰屿股份", "supplies", "传动装置"),
        ("渝石科技", "subsidiary_of", "中碚电气"),
        ("高压开关", "part_of", "开关设备"),
        ("避雷器", "part_of", "开关设备"),
        ("开关设备", "part_of", "配电设备"),
        ("传动装置", "part_of", "配电设备"),
        # told of under two names, one with a character left out; nothing says what it is part of but where it stands
        *((maker, "supplies", "光纤连接器") for maker in ("Norvik", "Tessen", "Halmar", "岚桥电气", "澜石股份")),
        ("光纤连接器", "part_of", "开关设备"),
    }
    kinds = {node.name: node.kind for node in graph.nodes}
    assert kinds["避雷器"] == "segment"
    assert kinds["中碚电气"] == "company"
    assert (graph.total_nodes, graph.total_edges) == (len(graph.nodes), len(graph.edges))


def test_a_node_is_found_by_id_name_and_alias(grid: Assistant) -> None:
    graph = grid.graph("岚桥电气")
    holds(graph, grid)
    assert said(graph) >= {("岚桥电气", "supplies", "避雷器"), ("避雷器", "part_of", "开关设备")}
    assert graph.node is not None
    assert said(grid.graph(graph.node)) == said(graph)
    assert said(grid.graph("ＮＯＲＶＩＫ")) == said(grid.graph("Norvik"))
    assert said(grid.graph("中碚电气股份有限公司")) == said(grid.graph("中碚电气"))


def test_an_unknown_node_names_those_near_it(grid: Assistant) -> None:
    with pytest.raises(NotFoundError, match="岚桥电气") as told:
        grid.graph("岚桥")
    assert told.value.param == "node"
    with pytest.raises(NotFoundError, match="lists them all"):
        grid.graph("zzz")


def test_a_limit_leaves_edges_out_and_counts_them(grid: Assistant) -> None:
    graph = grid.graph(limit=2)
    holds(graph, grid)
    assert len(graph.edges) == 2
    assert graph.total_edges == len(grid.graph().edges)


def test_every_edge_of_the_bundled_documents_stands_in_them(bundled: Assistant) -> None:
    graph = bundled.graph()
    assert len(graph.edges) > 100
    holds(graph, bundled)
    for node in graph.nodes:
        holds(bundled.graph(node.id), bundled)


def test_it_is_as_plain_as_json(grid: Assistant) -> None:
    reply = grid.graph().as_dict()
    assert reply["index"] == {"collection": "default", "generation": 1}
    assert {"nodes", "edges", "citations", "total_nodes", "total_edges", "node"} < set(reply)
