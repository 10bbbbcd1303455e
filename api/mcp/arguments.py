"""What a tool may be called with. Flat and without nulls, because not every client's model reads nested schemas.

A model calls these, so a number written as text is taken; an unknown name is refused all the same, with its name.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Day, Text
from rag import Filter, Mode

LONGEST_PART = 100_000  # characters of a document in one call
USUAL_PART = 20_000

Collection = Field(
    default="",
    max_length=64,
    description="要查的资料集，留空即默认的那个。 Which collection; leave empty for the default.",
)


class Arguments(BaseModel):
    """Arguments of one tool."""

    model_config = ConfigDict(extra="forbid")

    collection: str = Collection

    @classmethod
    def input_schema(cls, longest: int) -> dict[str, Any]:
        """JSON schema, what is required first; ``longest`` is the limit of a question, in characters."""
        schema = cls.model_json_schema()
        del schema["title"], schema["description"]
        properties = schema["properties"]
        schema["properties"] = {
            name: properties[name] for name in sorted(properties, key=lambda name: name not in schema["required"])
        }
        for name, field in properties.items():
            field.pop("title", None)
            if name in ("question", "query"):
                field |= {"minLength": 1, "maxLength": longest}
        return schema


class Filtered(Arguments):
    """Arguments that narrow down what is searched."""

    documents: list[str] = Field(
        default=[],
        max_length=100,
        description="只查这些文档（document.id）。 Only these documents, by their document.id.",
    )
    tags: list[str] = Field(
        default=[], max_length=100, description="只查带有其中一个标签的文档。 Only documents with one of these tags."
    )
    published_after: Day = Field(
        default="", description="只查这一天及以后发布的，如 2024-01-31。 Only documents published on or after this day."
    )
    published_before: Day = Field(
        default="",
        description="只查这一天及以前发布的，如 2024-12-31。 Only documents published on or before this day.",
    )

    def filter(self) -> Filter | None:
        """The same as rag takes it; None where nothing is narrowed down."""
        if not (self.documents or self.tags or self.published_after or self.published_before):
            return None
        return Filter(tuple(self.documents), tuple(self.tags), self.published_after, self.published_before)


class AskArguments(Filtered):
    """Arguments of ``ask``."""

    question: Text = Field(
        description="一个完整的问题，不依赖上文（把“它”“这家公司”写成名称）。"
        " One question that stands alone: names in place of pronouns. Chinese finds most."
    )
    mode: Mode = Field(
        default="auto",
        description="extractive：只用原文语句；llm：由语言模型撰写；auto：由服务决定。"
        " extractive: the material's own statements; llm: written by a language model; auto: the service decides.",
    )


class SearchArguments(Filtered):
    """Arguments of ``search``."""

    query: Text = Field(description="关键词或一句话。 Words or a sentence to look for.")
    top_k: int = Field(default=8, ge=1, le=50, description="最多返回几段。 Passages at the most.")


class ReadArguments(Arguments):
    """Arguments of ``read_document``."""

    id: str = Field(
        min_length=1,
        max_length=200,
        description="引用或检索结果里的 document.id。 The document.id of a citation or a search result.",
    )
    version: int = Field(
        default=0,
        ge=0,
        le=2**31,
        description="引用里的 document.version；0 是最新版。 The document.version of a citation; 0: the newest.",
    )
    start: int = Field(
        default=0,
        ge=0,
        le=2**53,
        description="从第几个字符读起；可填引用的 start 或上次的 next_start。"
        " First character: a citation's start, or next_start of the part before.",
    )
    max_chars: int = Field(default=USUAL_PART, ge=1, le=LONGEST_PART, description="最多几个字符。 Characters at most.")
