"""Ask over MCP, as an agent's program does: over HTTP a service that runs, or over stdio one that this program starts.

    python examples/mcp_client.py "谁生产快速接头" --url http://127.0.0.1:8000/mcp [--key KEY]
    python examples/mcp_client.py "谁生产快速接头"                        # starts `suanlian mcp`
    python examples/mcp_client.py "谁生产快速接头" -- suanlian mcp --index DIR

Needs `pip install mcp`, no other part of Suanlian where it asks by URL.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client


async def ask(client: Client, question: str) -> int:
    tools = await client.list_tools()
    print("tools:", ", ".join(tool.name for tool in tools.tools), file=sys.stderr)
    result = await client.call_tool("ask", {"question": question})
    if result.is_error:
        print(result.content[0].text, file=sys.stderr)
        return 1
    reply = result.structured_content  # the same fields as POST /v1/chat
    print(reply["answer"])
    for citation in reply["citations"]:
        document = citation["document"]
        print(f"[{citation['id']}] {document['title']} {document['published']}\n    “{citation['quote']}”")
    if reply["refused"]:
        print("not in the material:", "；".join(reply["missing"]))
        return 0
    # What stands around the first quote.
    first = reply["citations"][0]
    around = {"id": first["document"]["id"], "version": first["document"]["version"]}
    around |= {"start": max(0, first["start"] - 40), "max_chars": 160}
    part = await client.call_tool("read_document", around)
    print("…", part.structured_content["text"], "…", sep="")
    return 0


async def over_http(url: str, key: str, question: str) -> int:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        return await ask(client, question)


async def over_stdio(command: list[str], question: str) -> int:
    server = StdioServerParameters(command=command[0], args=command[1:], env=dict(os.environ))
    async with Client(server) as client:
        return await ask(client, question)


def main() -> int:
    parser = argparse.ArgumentParser(description="Ask over MCP.")
    parser.add_argument("question")
    parser.add_argument("--url", help="of a service's /mcp; without it a server is started on stdio")
    parser.add_argument("--key", default="", help="where the service needs one")
    parser.add_argument("command", nargs="*", help="the server to start, after --")
    given = parser.parse_args()
    if given.url:
        return asyncio.run(over_http(given.url, given.key, given.question))
    return asyncio.run(over_stdio(given.command or ["suanlian", "mcp"], given.question))


if __name__ == "__main__":
    sys.exit(main())
