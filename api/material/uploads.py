"""``/v1/documents`` and ``/v1/ingestions``: documents that come in, how far they are, and documents that go."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from api.ask.connected import cut_off
from api.errors import ApiError
from api.guard.addresses import location
from api.guard.caller import Asker, CollectionName, Writer
from api.language import wants_english
from api.material.idempotency import IdempotencyKey
from api.material.received import TextUpload, UploadFields, received
from api.material.writing import Writing
from api.replies import Reply, errors
from api.service import Service
from rag import Ingestion, Result, remove_documents

PATH = "/v1/documents"


class DocumentError(Reply):
    code: str
    message: str = Field(description="what is wrong and what to do; Chinese unless Accept-Language prefers English")


class IngestedDocument(Reply):
    """One document of an ingestion; `id` and `version` once it is in the index."""

    name: str
    key: str
    id: str | None
    version: int | None
    state: Literal["waiting", "added", "replaced", "unchanged", "failed"]
    error: DocumentError | None


class IngestionReply(Reply):
    """Documents that were sent together. `failed` only where not one of them could be read."""

    id: str
    collection: str
    state: Literal["queued", "running", "done", "failed"]
    stage: Literal["read", "learn", "encode"] | None
    done: int = Field(description="of `total`, within the stage")
    total: int
    created: int = Field(description="Unix time in seconds")
    finished: int | None = Field(description="Unix time in seconds")
    generation: int | None = Field(description="the generation of the index that holds them, once they are done")
    documents: list[IngestedDocument]


class IngestionsReply(Reply):
    ingestions: list[IngestionReply] = Field(description="the newest 50, newest first")


class RemovedReply(Reply):
    id: str
    deleted: Literal[True]
    generation: int


def _body() -> dict[str, Any]:
    """The two kinds of body, for the API's description: the route reads them itself, as they arrive."""
    form = UploadFields.model_json_schema()
    form["properties"]["tags"] = {"type": "string", "description": "separated by commas"}
    files = {"type": "array", "items": {"type": "string", "format": "binary"}, "description": "one file or several"}
    form["properties"] = {"file": files, **form["properties"]}
    form["required"] = ["file"]
    kinds = {"multipart/form-data": form, "application/json": TextUpload.model_json_schema()}
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema} for kind, schema in kinds.items()}}}


def shown(ingestion: Ingestion, *, english: bool) -> dict[str, Any]:
    """An ingestion as the contract writes it (:class:`IngestionReply`)."""
    return {
        "id": ingestion.id,
        "collection": ingestion.collection,
        "state": ingestion.state,
        "stage": ingestion.stage,
        "done": ingestion.done,
        "total": ingestion.total,
        "created": int(ingestion.created),
        "finished": None if ingestion.finished is None else int(ingestion.finished),
        "generation": ingestion.generation,
        "documents": [_document(result, english) for result in ingestion.documents],
    }


def _document(result: Result, english: bool) -> dict[str, Any]:
    problem = result.problem
    error = problem and {"code": problem.code, "message": problem.en if english else problem.zh}
    return {
        "name": result.name,
        "key": result.key,
        "id": result.id,
        "version": result.version,
        "state": result.state,
        "error": error,
    }


def uploads(service: Service, writing: Writing) -> APIRouter:
    """Sending documents, following them, deleting them."""
    router = APIRouter(prefix="/v1", responses=errors(404))
    queue = writing.queue

    @router.post(
        "/documents", response_model=IngestionReply, status_code=202, openapi_extra=_body(), tags=["documents"]
    )
    async def send_documents(
        request: Request, caller: Writer, collection: CollectionName = None, idempotency_key: IdempotencyKey = None
    ) -> JSONResponse:
        """Send documents: one or several files as a form, or a text as JSON. They are read in the background; the reply
        says where to look how far that is."""
        service.loader.assistant()  # while the index is being loaded, said before the body is read
        incoming = queue.incoming()
        try:
            said, documents = await received(request, incoming, max_files=service.settings.max_upload_files)
            name = service.assistant(caller, _one_of(collection, said)).collection
        except BaseException as error:
            incoming.discard()
            if isinstance(error, ClientDisconnect):
                raise cut_off() from None
            raise

        def submit() -> Ingestion:
            return queue.submit(incoming, name, documents, caller=caller.name, idempotency_key=idempotency_key or "")

        ingestion = await writing.receiving.run(submit)
        writing.start()  # mounted in another application, whose start this one is not told of
        return _reply(request, shown(ingestion, english=wants_english(request.scope)), 202, ingestion.id)

    @router.get("/ingestions", response_model=IngestionsReply, tags=["documents"])
    async def list_ingestions(request: Request, caller: Asker, collection: CollectionName = None) -> JSONResponse:
        """List the newest ingestions of a collection."""
        name = service.assistant(caller, collection).collection
        found = await asyncio.to_thread(queue.newest, name)
        return _reply(request, {"ingestions": [shown(each, english=wants_english(request.scope)) for each in found]})

    @router.get("/ingestions/{id}", response_model=IngestionReply, tags=["documents"])
    async def read_ingestion(request: Request, caller: Asker, id: str) -> JSONResponse:
        """How far an ingestion is, and what has become of each of its documents. Kept for seven days."""
        ingestion = await asyncio.to_thread(queue.get, id, within=caller.collections)
        return _reply(request, shown(ingestion, english=wants_english(request.scope)))

    @router.delete("/documents/{id}", response_model=RemovedReply, tags=["documents"])
    async def delete_document(caller: Writer, id: str, collection: CollectionName = None) -> JSONResponse:
        """Delete a document: no later answer uses it. Its text can still be read by its version for seven days."""
        settings = service.assistant(caller, collection).settings
        generation = await writing.changes.run(lambda: remove_documents([id], settings))
        return JSONResponse({"id": id, "deleted": True, "generation": generation})

    return router


def _one_of(of_address: str | None, of_body: str | None) -> str | None:
    """The collection that a request names in its address or its body."""
    if None not in (of_address, of_body) and of_address != of_body:
        raise ApiError(
            422,
            "invalid_request",
            "地址和请求体写的 collection 不同，请只写一个。",
            "The address and the body name different collections; name one.",
            param="collection",
        )
    return of_body if of_address is None else of_address


def _reply(request: Request, body: dict[str, Any], status: int = 200, id: str = "") -> JSONResponse:
    headers = {"Vary": "Accept-Language"}
    if id:
        headers["Location"] = location(request.scope, f"/v1/ingestions/{id}")
    return JSONResponse(body, status, headers)
