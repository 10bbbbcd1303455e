"""Ask in your own process: an answer, and one that comes statement by statement.

    python examples/in_process.py [QUESTION]

The index is the one that RAG_INDEX names, else the bundled documents', which are read at the first start.
"""

import sys

from suanlian import Assistant


def main(question: str) -> None:
    assistant = Assistant.open()

    answer = assistant.ask(question)
    print(answer.text)
    print(f"refused: {answer.refused}, confidence: {answer.confidence}")
    for item in answer.items:  # the names that a list question asks for
        print("-", item.text, item.citations)
    for citation in answer.citations:  # the exact words, and where they stand
        print(f"[{citation.id}] {citation.document.title}, {citation.start}–{citation.end}: {citation.quote}")

    # The same as a stream: meta, citations, delta, …, done.
    for event in assistant.stream(question):
        if event.name == "citations":
            print("→", [citation["id"] for citation in event.data["citations"]])
        if event.name == "delta":
            print("→", event.data["text"])

    # A conversation is sent whole; a follow-up is read in its light.
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer.text},
        {"role": "user", "content": "国外呢？"},
    ]
    print(assistant.ask(messages).standalone_question)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "国内谁生产快速接头")
