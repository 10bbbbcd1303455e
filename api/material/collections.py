"""``/v1/collections``: named bodies of documents that know nothing of one another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.responses import JSONResponse

from api.errors import ApiError
from api.guard.caller import RIGHTS, Asker, Right, Writer
from api.material.media_types import require_json
from api.material.writing import Writing
from api.replies import Reply, errors
from api.schemas import Strict, Text
from api.service import Service
from rag import Problem, create_collection, delete_collection, list_collections

DELETED = Problem(
    "collection_deleted",
    "导入前资料集已被删除；请上传到另一个资料集。",
    "The collection was deleted before this was read in; send it to another one.",
)


class NewCollection(Strict):
    """A collection to be made."""

    name: Text = Field(description="1 to 64 letters (of any script), digits, hyphens and underscores", examples=["law"])


class CollectionReply(Reply):
    name: str
    documents: int
    passages: int
    generation: int
    created: int = Field(description="Unix time in seconds")


class CollectionsReply(Reply):
    collections: list[CollectionReply] = Field(description="those that the key may use, ordered by name")
    rights: list[Right] = Field(description="what the key may do: `ask`, `write` (change documents), `ops` (metrics)")


class CollectionDeletedReply(Reply):
    name: str
    deleted: Literal[True]


def collections(service: Service, writing: Writing) -> APIRouter:
    """Listing, making and deleting collections."""
    router = APIRouter(prefix="/v1", responses=errors(404, 409))

    @router.get("/collections", response_model=CollectionsReply, tags=["documents"])
    async def read_collections(caller: Asker) -> JSONResponse:
        """List the collections, with what each holds, and what the caller may do."""
        settings = service.loader.assistant().settings
        found = await service.pool.run(lambda: list_collections(settings))
        seen = [asdict(info) for info in found if caller.may_see(info.name)]
        return JSONResponse({"collections": seen, "rights": [right for right in RIGHTS if right in caller.rights]})

    @router.post(
        "/collections",
        response_model=CollectionReply,
        status_code=201,
        dependencies=[Depends(require_json)],
        tags=["documents"],
    )
    async def make_collection(body: NewCollection, caller: Writer) -> JSONResponse:
        """Make an empty collection."""
        own = service.loader.assistant()
        name = caller.collection(body.name, own.collection)
        made = await writing.changes.run(lambda: create_collection(own.settings, name, encoder=own.encoder))
        return JSONResponse(asdict(made), 201)

    @router.delete("/collections/{name}", response_model=CollectionDeletedReply, tags=["documents"])
    async def remove_collection(name: str, caller: Writer) -> JSONResponse:
        """Delete a collection with all that it holds. Uploads to it that wait are cancelled."""
        own = service.loader.assistant()
        if caller.collection(name, own.collection) == own.collection:
            raise ApiError(
                409,
                "collection_in_use",
                "这是服务自己的资料集，不能删除；可以逐个删除其中的文档。",
                "This is the service's own collection, which cannot be deleted; delete its documents one by one.",
                param="name",
            )
        service.loader.assistant(name)  # 404 before anything is cancelled

        def delete() -> None:
            writing.queue.cancel(name, DELETED)
            with writing.queue.exclusive(name):
                writing.queue.cancel(name, DELETED)  # what arrived while the lock was waited for
                delete_collection(own.settings, name)

        await writing.changes.run(delete)
        return JSONResponse({"name": name, "deleted": True})

    return router
