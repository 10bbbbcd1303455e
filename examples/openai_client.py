"""OpenAI's own client, with another base URL.

    pip install openai
    python examples/openai_client.py [URL] [QUESTION]

URL is the service's (`suanlian serve`), else SUANLIAN_URL; a key, where the service needs one, is SUANLIAN_KEY.
"""

import os
import sys

from openai import OpenAI


def main(url: str, question: str) -> None:
    client = OpenAI(base_url=f"{url}/v1", api_key=os.environ.get("SUANLIAN_KEY", "none"))

    reply = client.chat.completions.create(model="suanlian", messages=[{"role": "user", "content": question}])
    message = reply.choices[0].message
    print(message.content)  # the text with its [n], and below it the list of sources
    native = message.model_extra or {}  # the fields of POST /v1/chat: answer, citations, items, refused, …
    for citation in native["citations"]:
        print(f"[{citation['id']}] {citation['document']['title']}: {citation['quote']}")

    stream = client.chat.completions.create(
        model="suanlian",
        messages=[{"role": "user", "content": question}],
        stream=True,
        extra_body={"top_k": 5},  # also collection, filter, explain
    )
    for chunk in stream:
        delta = chunk.choices[0].delta
        print(delta.content or "", end="", flush=True)
        if chunk.choices[0].finish_reason:  # the last chunk brings the native fields
            print("\ncitations:", len((delta.model_extra or {})["citations"]))


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SUANLIAN_URL", "http://127.0.0.1:8000")
    main(address.rstrip("/"), sys.argv[2] if len(sys.argv) > 2 else "谁生产快速接头")
