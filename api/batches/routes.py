"""``/v1/batches``: many questions at once, answered beside the others; they outlive the process that took them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, StreamingResponse

from api.ask.connected import cut_off
from api.batches.runner import BatchRunner
from api.batches.store import Batch, BatchState, BatchStore, batch_id, facts_of
from api.errors import ApiError
from api.guard.addresses import location
from api.guard.caller import Asker, Caller, CollectionName
from api.language import wants_english
from api.material.idempotency import IdempotencyKey
from api.material.media_types import media_type, unsupported
from api.replies import Reply, errors
from api.service import Service
from rag import IdempotencyError, Mode, storage

PATH = "/v1/batches"
TYPES = ("application/x-ndjson", "application/jsonl", "application/jsonlines", "text/plain")
LISTED = 50
MOST_UNFINISHED = 50  # of one caller
RETRY_SECONDS = 60

_BODY = {
    "required": True,
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "string"},
            "example": '{"id": "1", "question": "…"}\n{"id": "2", "messages": [{"role": "user", "content": "…"}]}\n',
        }
    },
}

BatchMode = Annotated[Mode, Query(description="as in /v1/chat, for every line")]
TopK = Annotated[int | None, Query(ge=1, le=50, description="as in /v1/chat, for every line")]


class BatchReply(Reply):
    """How far a batch is. `done` lines have come to an end, `failed` of them with an error, `refused` with a refusal."""

    id: str
    collection: str
    state: BatchState
    done: int
    failed: int
    refused: int
    total: int
    rate: float = Field(description="questions a second, of late")
    eta: float | None = Field(description="seconds left; null where that is not known, or it is over")
    created: float = Field(description="Unix time in seconds")
    finished: float | None = Field(description="when it was done or stopped")


def shown(store: BatchStore, batch: Batch) -> dict[str, Any]:
    """A batch as the contract writes it (:class:`BatchReply`)."""
    facts = {"id": batch.id, "collection": batch.collection, "total": batch.total, "created": batch.created}
    return {**facts, **asdict(store.status(batch))}


class BatchesReply(Reply):
    """The newest batches that the caller may see, newest first."""

    batches: list[BatchReply]


def batches(service: Service, store: BatchStore) -> APIRouter:
    """Making, watching, reading and stopping batches; the router's lifespan works on them."""

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        start()
        yield
        if running:  # an application may be started twice, and is stopped as often
            await asyncio.to_thread(running.pop().stop)

    running: list[BatchRunner] = []

    def start() -> None:
        """Begin to work on batches, if that is not done already."""
        if not running:
            running.append(BatchRunner(service, store))
            running[0].start()

    router = APIRouter(
        prefix=PATH,
        responses=errors(404, 409),
        tags=["batches"],
        lifespan=lifespan,
    )

    @router.post("", response_model=BatchReply, status_code=202, openapi_extra={"requestBody": _BODY})
    async def make_batch(
        request: Request,
        caller: Asker,
        collection: CollectionName = None,
        mode: BatchMode = "auto",
        top_k: TopK = None,
        idempotency_key: IdempotencyKey = None,
    ) -> JSONResponse:
        """Take questions, one JSON object a line. A line that is wrong is one error among the results."""
        _check_type(request)
        assistant = service.assistant(caller, collection)
        assistant.check_mode(mode)  # here and now, not once a line
        named = assistant.collection
        await asyncio.to_thread(_check_room, store, caller)
        with storage(store.folder):
            folder = await asyncio.to_thread(store.upload)
            try:
                await _receive(request, folder / "questions.jsonl")
                total, sha256 = await asyncio.to_thread(facts_of, folder / "questions.jsonl")
                _check_lines(total, service.settings.max_batch_lines)
                digest = hashlib.sha256(json.dumps([sha256, named, mode, top_k]).encode()).hexdigest()
                id = batch_id(caller.name, idempotency_key)
                made = Batch(id, named, caller.name, mode, top_k, time.time(), total, digest)
                held = await asyncio.to_thread(store.add, folder, made)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        if held.sha256 != digest:
            raise IdempotencyError.reused()
        start()  # mounted in another application, whose start this one is not told of
        running[0].wake()
        return JSONResponse(shown(store, held), 202, {"Location": location(request.scope, f"{PATH}/{held.id}")})

    @router.get("", response_model=BatchesReply)
    def list_batches(caller: Asker) -> JSONResponse:
        """List the newest batches."""
        seen = [batch for batch in reversed(store.all()) if _may_see(caller, batch)][:LISTED]
        return JSONResponse({"batches": [shown(store, batch) for batch in seen]})

    @router.get("/{id}", response_model=BatchReply)
    def read_batch(caller: Asker, id: str) -> JSONResponse:
        """Say how far a batch is."""
        return JSONResponse(shown(store, _find(store, caller, id)))

    @router.get("/{id}/results", response_class=StreamingResponse, responses={200: {"content": {TYPES[0]: {}}}})
    def read_results(request: Request, caller: Asker, id: str) -> StreamingResponse:
        """Read the answers in the order of the lines: before the end, those there are. `X-Batch-State` says which."""
        batch = _find(store, caller, id)
        state = store.status(batch).state  # before the answers are read, so that `done` is all of them
        english = wants_english(request.scope)
        lines = store.lines(batch, service.settings.max_question_chars)

        def results() -> Iterator[bytes]:
            for result in store.journal(batch).results(lines, english=english):
                yield result + b"\n"

        return StreamingResponse(
            results(), media_type=TYPES[0], headers={"X-Batch-State": state, "Vary": "Accept-Language"}
        )

    @router.delete("/{id}", response_model=BatchReply)
    def stop_batch(caller: Asker, id: str) -> JSONResponse:
        """Stop a batch; what was answered can still be read. One that is over stays as it is."""
        batch = _find(store, caller, id)
        store.cancel(batch)
        return JSONResponse(shown(store, batch))

    return router


def _may_see(caller: Caller, batch: Batch) -> bool:
    return caller.may_see(batch.collection) and (batch.owner == caller.name or "ops" in caller.rights)


def _find(store: BatchStore, caller: Caller, id: str) -> Batch:
    """Raises ApiError: 404 for a batch that is not there or not this caller's."""
    batch = store.get(id)
    if batch is None or not _may_see(caller, batch):
        raise ApiError(
            404,
            "not_found",
            "没有这个批次，或它属于另一个密钥；GET /v1/batches 列出已有的批次。",
            "There is no such batch, or it is another key's; GET /v1/batches lists those there are.",
            param="id",
        )
    return batch


def _check_type(request: Request) -> None:
    if media_type(request) not in TYPES:
        raise unsupported(
            "请求体应为 JSONL，每行一个问题：请加上 Content-Type: application/x-ndjson。",
            "The body must be JSONL, a question a line: send Content-Type: application/x-ndjson.",
        )


def _check_room(store: BatchStore, caller: Caller) -> None:
    if sum(1 for batch in store.unfinished() if batch.owner == caller.name) >= MOST_UNFINISHED:
        raise ApiError(
            429,
            "too_many_batches",
            f"已有 {MOST_UNFINISHED} 个批次未完成，请等其中一些完成，或先停掉一些。",
            f"{MOST_UNFINISHED} batches are unfinished; wait until some are done, or stop some.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )


def _check_lines(total: int, most: int) -> None:
    if total == 0:
        raise ApiError(
            422,
            "batch_empty",
            '请求体里没有问题；请每行写一个：{"id": "…", "question": "…"}。',
            'The body holds no question; write one a line: {"id": "…", "question": "…"}.',
        )
    if total > most:
        raise ApiError(
            413,
            "too_many_lines",
            f"共有 {total} 行，一个批次最多 {most} 行，请分成几个批次。",
            f"There are {total} lines; a batch takes {most}. Make several batches of them.",
        )


async def _receive(request: Request, path: Path) -> None:
    """Write the body to disk as it comes.

    Raises:
        ApiError: 400, the connection broke. StorageError: the disk refused.
    """
    with storage(path), path.open("wb") as file:
        try:
            async for chunk in request.stream():
                file.write(chunk)
            file.flush()
            await asyncio.to_thread(os.fsync, file.fileno())
        except ClientDisconnect:
            raise cut_off() from None
