"""The whole service, page included, below a path of your own FastAPI application.

    pip install uvicorn
    python examples/mount_in_fastapi.py [PORT]        # then http://127.0.0.1:PORT/ask/

A mounted application is not told when the one around it starts and stops: the lifespan below tells it, so that it loads at
once and closes at the end. Without it, it loads at the first request.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from suanlian import create_app

answering = create_app()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with answering.router.lifespan_context(answering):
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def own() -> dict[str, str]:
    return {"ask": "/ask/"}


app.mount("/ask", answering)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 8080)
