"""The OpenAI shape: ``POST /v1/chat/completions`` and ``GET /v1/models``, for clients that know nothing else."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from api.ask import sse
from api.ask.connected import while_connected
from api.ask.openai_replies import Completion, ModelCard, ModelList, chunks, completion
from api.ask.openai_schemas import MODES, CompletionRequest
from api.errors import ApiError
from api.guard.caller import Asker
from api.material.media_types import require_json
from api.replies import errors
from api.service import Service

STREAMED: dict[str, Any] = {
    "description": "An answer; with `stream`, `text/event-stream` of `chat.completion.chunk` objects and `[DONE]`.",
    "content": {"text/event-stream": sse.documented(named=False)},
}
CREATED = 1_764_000_000  # of every model: when version 1 of the contract was written, so that it does not change


def completions(service: Service) -> APIRouter:
    """Answers and models as OpenAI's API gives them."""
    router = APIRouter(prefix="/v1", responses=errors(404), tags=["openai"])

    @router.post(
        "/chat/completions",
        response_model=Completion,
        responses={200: STREAMED, **errors(409)},
        dependencies=[Depends(require_json)],
    )
    async def complete(body: CompletionRequest, caller: Asker, request: Request) -> Response:
        """Answer a conversation. The message carries the fields of `POST /v1/chat` too."""
        mode = MODES[_known(body.model)]
        param, asked = body.asked()
        service.check_length(param, asked)
        assistant = service.assistant(caller, body.collection)
        longest, with_sources = service.settings.max_question_chars, service.settings.openai_sources
        messages = body.conversation(longest)
        characters = sum(len(message["content"]) for message in messages)
        how: dict[str, Any] = {
            "mode": mode,
            "top_k": body.top_k,
            "filter": body.filter.to_filter() if body.filter else None,
            "explain": bool(body.explain),
        }
        if not body.stream:
            work = service.pool.run(
                lambda: completion(assistant.ask(messages, **how), asked=characters, with_sources=with_sources)
            )
            return JSONResponse(await while_connected(request.receive, work))
        with_usage = bool(body.stream_options and body.stream_options.include_usage)
        return await sse.reply(
            request,
            service.pool,
            lambda: chunks(
                assistant.stream(messages, **how), asked=characters, with_usage=with_usage, with_sources=with_sources
            ),
            lambda error: sse.encoded({"error": error}),
        )

    @router.get("/models", response_model=ModelList)
    async def list_models(caller: Asker) -> JSONResponse:
        """The names that `model` may be: `suanlian` (a language model where one is configured, else none),
        `suanlian-extractive` (none), `suanlian-llm` (always one; `available` says whether there is one)."""
        return JSONResponse({"object": "list", "data": [_card(name, service) for name in MODES]})

    @router.get("/models/{id}", response_model=ModelCard)
    async def read_model(caller: Asker, id: str) -> JSONResponse:
        """One of them."""
        return JSONResponse(_card(_known(id), service))

    return router


def _known(model: str) -> str:
    """``model``, if there is one of that name.

    Raises:
        ApiError: 404 ``model_not_found``, with the names that there are.
    """
    if model in MODES:
        return model
    names = list(MODES)
    raise ApiError(
        404,
        "model_not_found",
        f"没有这个模型；可用的有 {'、'.join(names)}。",
        f"There is no such model; there are {', '.join(names)}.",
        param="model",
    )


def _card(name: str, service: Service) -> dict[str, Any]:
    available = MODES[name] != "llm" or service.language_model is not None
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "suanlian", "available": available}
