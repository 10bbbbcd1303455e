"""The search as a LangChain retriever, in front of any other step of a chain.

python examples/langchain_retriever.py [QUERY]
"""

import sys

from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

from suanlian import Assistant


def as_context(documents: list[Document]) -> str:
    """What a prompt would be given: each passage under the place that it stands in."""
    return "\n\n".join(
        f"{document.metadata['title']} › {' › '.join(document.metadata['section'])}\n{document.page_content}"
        for document in documents
    )


def main(query: str) -> None:
    retriever = Assistant.open().as_retriever(top_k=3)  # filter=Filter(tags=("cloud",)) searches only some documents
    chain = retriever | RunnableLambda(as_context)
    print(chain.invoke(query))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "快速接头")
