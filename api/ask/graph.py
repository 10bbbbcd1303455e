"""``GET /v1/graph``: who does what in the chain, as the material says."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import JSONResponse

from api.errors import ApiError
from api.guard.caller import Asker, CollectionName
from api.replies import Citation, IndexState, Reply, errors
from api.service import Service

NodeName = Annotated[
    str | None, Query(description="a node's id, name or alias; without it, the whole map", max_length=200)
]
Limit = Annotated[int, Query(ge=1, le=5000, description="edges at the most; the counts tell what there is")]


class NodeReply(Reply):
    """`segment`: what a section is about; `product`; `company`."""

    id: str
    name: str
    kind: Literal["segment", "product", "company"]
    aliases: list[str]


class EdgeReply(Reply):
    """`source` stands in `relation` to `target`; `citations` are the places that say so."""

    source: str
    target: str
    relation: Literal["supplies", "part_of", "customer_of", "subsidiary_of"]
    citations: list[int]


class GraphReply(Reply):
    """The whole map, or the part around `node`, up to `limit` edges."""

    index: IndexState
    node: str | None = Field(description="id of the node asked for")
    nodes: list[NodeReply]
    edges: list[EdgeReply]
    citations: list[Citation]
    total_nodes: int = Field(description="also those that the limit left out")
    total_edges: int


def graph(service: Service) -> APIRouter:
    """The industry-chain map."""
    router = APIRouter(prefix="/v1", responses=errors(404))

    @router.get("/graph", response_model=GraphReply, tags=["ask"])
    async def read_graph(
        caller: Asker, node: NodeName = None, limit: Limit = 1000, collection: CollectionName = None
    ) -> JSONResponse:
        """Who does what: nodes and edges, each edge with the citations that it was read from."""
        if node is not None and not node.strip():
            raise ApiError(
                422,
                "node_empty",
                "node 是空的：请写一个名称，或去掉这个参数以列出全部。",
                "The node is empty: write a name, or leave the parameter out for the whole map.",
                param="node",
            )
        assistant = service.assistant(caller, collection)
        return JSONResponse(await service.pool.run(lambda: assistant.graph(node, limit=limit).as_dict()))

    return router
