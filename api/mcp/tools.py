"""The three tools: what each is called with, what it does, what it replies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, TypeVar

import mcp_types as types
from pydantic import BaseModel, Field, ValidationError

from api.ask.search import search_reply
from api.errors import ApiError
from api.material import documents
from api.mcp.arguments import Arguments, AskArguments, ReadArguments, SearchArguments
from api.mcp.text import ask_text, document_text, search_text
from api.replies import ChatReply, DocumentReply, SearchReply
from api.service import Service
from api.validation import explain
from rag import Assistant, NotFoundError

Given = TypeVar("Given", bound=Arguments)


class DocumentPart(DocumentReply):
    """`text` is the stored text from `start` to `end`, counted in Unicode code points."""

    start: int
    end: int
    next_start: int | None = Field(description="`start` of the next part; null at the document's end")


class Tool(ABC, Generic[Given]):
    """One tool."""

    name: str
    title: str
    description: str
    arguments: type[Given]
    reply: type[BaseModel]

    def definition(self, longest: int) -> types.Tool:
        """What ``tools/list`` says of it; ``longest`` is the limit of a question, in characters."""
        return types.Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=self.arguments.input_schema(longest),
            output_schema=self.reply.model_json_schema(mode="serialization"),
            annotations=types.ToolAnnotations(
                title=self.title,
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )

    def read(self, given: dict[str, Any], service: Service) -> Given:
        """The arguments, checked; one that is null is one that is not given.

        Raises:
            ApiError: 422, naming the first argument that is wrong.
        """
        try:
            read = self.arguments.model_validate({name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            first = error.errors()[0]
            broken = explain({**first, "loc": ("arguments", *first["loc"])})
            raise ApiError(broken.status, broken.code, broken.zh, broken.en, param=broken.param) from None
        self.check(read, service)
        return read

    def check(self, given: Given, service: Service) -> None:
        """Raises ApiError where a limit of the service is passed."""

    @abstractmethod
    def work(self, assistant: Assistant, given: Given) -> dict[str, Any]:
        """The reply; it blocks."""

    @abstractmethod
    def text(self, reply: dict[str, Any]) -> str:
        """The reply as text."""


class Ask(Tool[AskArguments]):
    name = "ask"
    title = "问资料 Ask the documents"
    description = (
        "从资料中查找并回答一个问题：谁做什么、名单、数字、日期、定义、比较。答案由资料原文的语句组成，或由语言模型据此撰写并逐句核对（mode 说明是哪一种），"
        "每句带编号 [n]，citations 给出逐字引文、文档、章节、页码、日期和位置。资料没有说的会明说（refused 为 true，missing 列出缺什么），这时不要自行补充。\n"
        "Answers one question from the documents: who does what, lists, figures, dates, definitions, comparisons. The answer "
        "holds the material's own statements, or those of a language model, each checked against its quotes (mode says which); "
        "each has [n]; citations give the exact quote, document, section, page, date and offsets. What the material does not say is told (refused is true, missing names it): do not fill it in."
    )
    arguments = AskArguments
    reply = ChatReply

    def check(self, given: AskArguments, service: Service) -> None:
        service.check_length("question", given.question)

    def work(self, assistant: Assistant, given: AskArguments) -> dict[str, Any]:
        return assistant.ask(given.question, mode=given.mode, filter=given.filter()).as_dict()

    def text(self, reply: dict[str, Any]) -> str:
        return ask_text(reply)


class Search(Tool[SearchArguments]):
    name = "search"
    title = "检索段落 Search passages"
    description = (
        "检索与关键词或句子最相近的原文段落，按相近程度排列，给出文档、章节和位置。适合先了解资料里有什么，或 ask 没有答案时自行查看；"
        "相近不等于回答了问题。\n"
        "Finds the passages nearest to words or a sentence, best first, with document, section and offsets. Use it to see what "
        "the material holds, or when ask has no answer; near is not the same as answering."
    )
    arguments = SearchArguments
    reply = SearchReply

    def check(self, given: SearchArguments, service: Service) -> None:
        service.check_length("query", given.query)

    def work(self, assistant: Assistant, given: SearchArguments) -> dict[str, Any]:
        return search_reply(assistant, given.query, top_k=given.top_k, filter=given.filter())

    def text(self, reply: dict[str, Any]) -> str:
        return search_text(reply)


class ReadDocument(Tool[ReadArguments]):
    name = "read_document"
    title = "读文档 Read a document"
    description = (
        "按 document.id（和版本）读一份文档的原文，从 start 起最多 max_chars 个字符，并给出章节及其位置；next_start 不为空时还有下文。"
        "用来核对引文的上下文。\n"
        "Reads a document's stored text by its document.id (and version): up to max_chars characters from start, and its "
        "sections with their offsets; next_start tells where to read on. Use it to see what stands around a quote."
    )
    arguments = ReadArguments
    reply = DocumentPart

    def work(self, assistant: Assistant, given: ReadArguments) -> dict[str, Any]:
        try:
            document = assistant.document(given.id, given.version or None)
        except NotFoundError:
            raise ApiError(
                404,
                "not_found",
                "没有这份文档或这个版本，请使用 ask 或 search 返回的 document.id 和 document.version。",
                "There is no such document or version; use document.id and document.version from ask or search.",
                param="id",
            ) from None
        characters = len(document.text)
        if given.start > characters:
            raise ApiError(
                422,
                "invalid_start",
                f"start 超出文档末尾，这份文档有 {characters} 个字符。",
                f"start is beyond the end; the document has {characters} characters.",
                param="start",
            )
        end = min(given.start + given.max_chars, characters)
        following = end if end < characters else None
        whole = documents.whole(document)
        return {**whole, "text": document.text[given.start : end], "start": given.start, "end": end, "next_start": following}  # fmt: skip

    def text(self, reply: dict[str, Any]) -> str:
        return document_text(reply)


TOOLS: dict[str, Tool[Any]] = {tool.name: tool for tool in (Ask(), Search(), ReadDocument())}
