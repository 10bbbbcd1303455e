"""The assistant in a LangChain chain, in the place of a chat model.

python examples/langchain_runnable.py [QUESTION]
"""

import sys

from langchain_core.output_parsers import StrOutputParser

from suanlian import Assistant


def main(question: str) -> None:
    answering = Assistant.open().as_runnable()

    # A string or messages in, an AIMessage out: the text, and in additional_kwargs the fields of the HTTP reply.
    message = answering.invoke([("user", question)])
    print(message.text)
    for citation in message.additional_kwargs["citations"]:
        print(f"[{citation['id']}] {citation['document']['title']}: {citation['quote']}")

    # As any runnable it can be piped, streamed, batched and awaited.
    chain = answering | StrOutputParser()
    for part in chain.stream(question):
        print("→", part)
    print(chain.batch([question, "什么是液冷"]))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "谁生产快速接头")
