"""The routes of version 1, and those that say how the service is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, Response

from api import replies
from api.ask import streaming
from api.ask.connected import while_connected
from api.ask.search import search_reply
from api.guard.caller import Asker, CollectionName
from api.material import documents
from api.material.media_types import require_json
from api.schemas import ChatRequest, SearchRequest
from api.service import Service
from rag import package_version

Limit = Annotated[int, Query(ge=1, le=200, description="documents a page")]
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Version = Annotated[int | None, Query(ge=1, description="an earlier version; without it, the newest")]


def questions(service: Service) -> APIRouter:
    """Asking and reading."""
    router = APIRouter(prefix="/v1", responses=replies.errors(404))

    @router.post(
        "/chat",
        response_model=replies.ChatReply,
        responses={200: streaming.DOCUMENTED, **replies.errors(409)},
        dependencies=[Depends(require_json)],
        tags=["ask"],
    )
    async def chat(body: ChatRequest, caller: Asker, request: Request) -> Response:
        """Answer a question with cited passages, whole or, with `stream`, statement by statement."""
        for param, text in body.asked():
            service.check_length(param, text)
        assistant = service.assistant(caller, body.collection)
        question, filter = body.to_question(), body.filter.to_filter() if body.filter else None
        how: dict[str, Any] = {"mode": body.mode, "top_k": body.top_k, "filter": filter, "explain": body.explain}
        if body.stream:
            return await streaming.chat(request, service.pool, lambda: assistant.stream(question, **how))
        work = service.pool.run(lambda: assistant.ask(question, **how).as_dict())
        return JSONResponse(await while_connected(request.receive, work))

    @router.post("/search", response_model=replies.SearchReply, dependencies=[Depends(require_json)], tags=["ask"])
    async def search(body: SearchRequest, caller: Asker, request: Request) -> JSONResponse:
        """Find the passages that fit a query best."""
        service.check_length("query", body.query)
        assistant = service.assistant(caller, body.collection)
        filter = body.filter.to_filter() if body.filter else None

        work = service.pool.run(
            lambda: search_reply(assistant, body.query, top_k=body.top_k, filter=filter, explain=body.explain)
        )
        return JSONResponse(await while_connected(request.receive, work))

    @router.get("/documents", response_model=replies.DocumentsReply, tags=["documents"])
    async def list_documents(
        caller: Asker, cursor: Cursor = None, limit: Limit = 50, collection: CollectionName = None
    ) -> JSONResponse:
        """List the documents, ordered by key."""
        assistant = service.assistant(caller, collection)
        return JSONResponse(await service.pool.run(lambda: documents.page(assistant.documents(), cursor, limit)))

    @router.get("/documents/{id}", response_model=replies.DocumentReply, tags=["documents"])
    async def read_document(
        caller: Asker, id: str, version: Version = None, collection: CollectionName = None
    ) -> JSONResponse:
        """Read one document: metadata, sections and stored text."""
        assistant = service.assistant(caller, collection)
        return JSONResponse(await service.pool.run(lambda: documents.whole(assistant.document(id, version))))

    @router.get("/examples", response_model=replies.ExamplesReply, tags=["ask"])
    async def examples(caller: Asker) -> JSONResponse:
        """Questions that the page offers to begin with."""
        return JSONResponse({"examples": list(service.examples)})

    return router


def operations(service: Service) -> APIRouter:
    """Alive, ready, which version."""
    router = APIRouter(tags=["operations"])

    @router.get("/healthz", response_model=replies.StatusReply)
    async def healthz() -> JSONResponse:
        """The process lives."""
        return JSONResponse({"status": "ok"})

    @router.get("/readyz", response_model=replies.StatusReply, responses={503: {"model": replies.ErrorReply}})
    async def readyz() -> JSONResponse:
        """The index is loaded and the model warm, and the service is not being stopped."""
        service.stop.check()
        service.loader.assistant()
        return JSONResponse({"status": "ready"})

    @router.get("/version", response_model=replies.VersionReply)
    async def version() -> JSONResponse:
        """Which program answers, from which index, with which language model."""
        assistant = service.loader.current
        index = assistant and {"collection": assistant.collection, "generation": assistant.generation}
        fingerprint = assistant and assistant.fingerprint
        return JSONResponse(
            {
                "version": package_version(),
                "index": index,
                "fingerprint": fingerprint,
                "language_model": service.language_model,
            }
        )

    return router
