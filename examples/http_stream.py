"""The service's own stream, with nothing but the standard library.

python examples/http_stream.py [URL] [QUESTION]
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen


def events(url: str, question: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of an answer: name and data."""
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("SUANLIAN_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps({"question": question, "stream": True}).encode()
    with urlopen(Request(f"{url}/v1/chat", body, headers)) as reply:
        name = ""
        for line in reply:
            field, _, value = line.decode().rstrip("\r\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)  # a line that begins with ":" only keeps the connection open


def main(url: str, question: str) -> None:
    for name, data in events(url, question):
        if name == "citations":  # before the first words that use them
            for citation in data["citations"]:
                print(f"[{citation['id']}] {citation['document']['title']}: {citation['quote']}")
        elif name == "delta":
            print("→", data["text"], flush=True)
        elif name == "done":  # the whole reply, as without "stream"
            print(f"refused: {data['refused']}, {data['timings']['total']} ms")
        elif name == "error":
            sys.exit(data["error"]["message"])


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SUANLIAN_URL", "http://127.0.0.1:8000")
    main(address.rstrip("/"), sys.argv[2] if len(sys.argv) > 2 else "谁生产快速接头")
