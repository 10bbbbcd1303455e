"""``/mcp``: the MCP server over streamable HTTP, without sessions, so that any worker answers any request."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from api.guard.caller import needs
from api.mcp.server import make_server
from api.service import Service

# With a slash too, because clients' own examples write it.
PATHS = ("/mcp", "/mcp/")

# api.guard.access has looked at Host, Origin and key before a request comes here.
CHECKED_BEFORE = TransportSecuritySettings(enable_dns_rebinding_protection=False)


class Endpoint:
    """Answers one request with a session manager of its own.

    A manager without sessions has nothing to keep, and one that lives as long as the request needs no place in the
    application's lifespan: so the application can be started again, and be mounted in another that does not run it.
    """

    def __init__(self, server: Server[Any], limit: int) -> None:
        self._server = server
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        needs("ask")(request)
        # Read here: a body over the limit is an error of ours, which the manager's task group would wrap in its own.
        body = await request.body()
        manager = StreamableHTTPSessionManager(
            self._server,
            stateless=True,
            json_response="text/event-stream" not in request.headers.get("accept", "").lower(),
            security_settings=CHECKED_BEFORE,
            max_request_body_size=self._limit,
        )
        read = False

        async def again() -> Message:
            nonlocal read
            if read:
                return await receive()
            read = True
            return {"type": "http.request", "body": body, "more_body": False}

        async with manager.run():
            await manager.handle_request(scope, again, send)


def install(app: FastAPI, service: Service) -> None:
    """Serve MCP from ``app``."""

    async def ready() -> Service:
        return service

    endpoint = Endpoint(make_server(service.settings, ready), service.settings.max_body_bytes)
    for path in PATHS:
        # GET would hold a stream open on which a server without sessions has nothing to say: 405, as the protocol allows.
        app.router.add_route(path, endpoint, methods=["POST"], include_in_schema=False)  # type: ignore[arg-type]
