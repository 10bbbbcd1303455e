"""``GET /embed.js``: the chat widget, one script that any page may load. Its parts stand in ``api/pages/embed``; it reads streams as
the page does, by the page's own module."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from api.pages.page import STATIC

FOLDER = Path(__file__).parent / "embed"
SHARED = STATIC / "js" / "sse.js"
# In the order in which one uses the other.
PARTS = ("settings.js", "words.js", "dom.js", "service.js", "answer.js", "frame.js", "conversation.js", "main.js")
EXPORT = re.compile(r"^export ", re.MULTILINE)  # of a module, which a script of its own scope is not

HEADERS = {
    # Revalidated by ETag, so that a page gets a mended widget at its next load.
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def script() -> str:
    """The parts as one script in a scope of its own, so that it leaves one name on the page."""
    style = json.dumps((FOLDER / "style.css").read_text(encoding="utf-8"), ensure_ascii=False)
    shared = EXPORT.sub("", SHARED.read_text(encoding="utf-8"))
    parts = "\n".join((shared, *((FOLDER / part).read_text(encoding="utf-8") for part in PARTS)))
    return f'(() => {{\n"use strict";\nconst STYLE = {style};\n{parts}}})();\n'


def install(app: FastAPI) -> None:
    """Serve the widget from ``app``."""
    body = script().encode()
    headers = {**HEADERS, "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}

    async def embed(request: Request) -> Response:
        known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
        if headers["ETag"] in known:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="text/javascript")

    app.add_api_route("/embed.js", embed, methods=["GET", "HEAD"], include_in_schema=False)
