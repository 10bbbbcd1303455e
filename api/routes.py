"""The routes of version 1, and those that say how the service is."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import HTTPBearer
from starlette.responses import JSONResponse, Response

from api import documents, replies, streaming
from api.caller import Asker, CollectionName
from api.connected import while_connected
from api.errors import ApiError
from api.schemas import ChatRequest, SearchRequest
from api.service import Service
from rag import SearchResult, package_version

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": replies.ErrorReply} for status in (400, 401, 403, 404, 409, 413, 415, 422, 503)
}

Limit = Annotated[int, Query(ge=1, le=200, description="documents a page")]
Cursor = Annotated[str | None, Query(description="`next` of the page before")]
Version = Annotated[int | None, Query(ge=1, description="an earlier version; without it, the newest")]


async def require_json(request: Request) -> None:
    """415 for a body that is not said to be JSON. (A form of another site can send only other types.)"""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise ApiError(
            415,
            "unsupported_media_type",
            "请求体应为 JSON：请加上 Content-Type: application/json。",
            "The body must be JSON: send Content-Type: application/json.",
            param="Content-Type",
        )


def result_dict(result: SearchResult) -> dict[str, Any]:
    """A search result as the contract writes it (:class:`api.replies.Found`)."""
    found = asdict(result)
    if found.get("trace") is None:
        found.pop("trace", None)
    return found


def questions(service: Service) -> APIRouter:
    """Asking and reading."""
    # The check itself is api.access; the scheme here puts the key field into /docs.
    router = APIRouter(prefix="/v1", responses=ERRORS, dependencies=[Depends(HTTPBearer(auto_error=False))])

    @router.post(
        "/chat",
        response_model=replies.ChatReply,
        responses={200: streaming.DOCUMENTED},
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

        def work() -> dict[str, Any]:
            began = time.perf_counter()
            found = assistant.search(body.query, top_k=body.top_k, filter=filter, explain=body.explain)
            spent = (time.perf_counter() - began) * 1000
            return {"results": [result_dict(result) for result in found], "timings": {"total": round(spent, 2)}}

        return JSONResponse(await while_connected(request.receive, service.pool.run(work)))

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
        """Which program answers, from which index."""
        assistant = service.loader.current
        index = assistant and {"collection": assistant.collection, "generation": assistant.generation}
        fingerprint = assistant and assistant.fingerprint
        return JSONResponse({"version": package_version(), "index": index, "fingerprint": fingerprint})

    return router
