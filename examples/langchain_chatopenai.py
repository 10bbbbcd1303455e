"""LangChain's ChatOpenAI against the service. It drops the fields that it does not know: it sees the text, its [n] and the
list of sources. In your own process `examples/langchain_runnable.py` keeps the citations whole.

    pip install langchain-openai
    python examples/langchain_chatopenai.py [URL] [QUESTION]
"""

import os
import sys

from langchain_openai import ChatOpenAI
from pydantic import SecretStr


def main(url: str, question: str) -> None:
    model = ChatOpenAI(
        model="suanlian", base_url=f"{url}/v1", api_key=SecretStr(os.environ.get("SUANLIAN_KEY", "none"))
    )
    first = model.invoke(question)
    print(first.text)

    # The list of sources may stay in the conversation: follow-ups are read without it.
    for chunk in model.stream([("user", question), ("assistant", first.text), ("user", "国外呢？")]):
        print(chunk.text, end="", flush=True)
    print()


if __name__ == "__main__":
    address = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SUANLIAN_URL", "http://127.0.0.1:8000")
    main(address.rstrip("/"), sys.argv[2] if len(sys.argv) > 2 else "谁生产快速接头")
