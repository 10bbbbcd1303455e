"""The words that a model wants before a query and before a passage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prompts:
    """Put before the text as they are, trailing space and all; "" for a model that wants none."""

    query: str
    passage: str


E5_PROMPTS = Prompts("query: ", "passage: ")


def prompts_of(name: str, own: Mapping[str, str | None]) -> Prompts:
    """The model's own prompts if it declares any, else those of the E5 family if ``name`` says it is one.

    >>> prompts_of("intfloat/e5-base", {})
    Prompts(query='query: ', passage='passage: ')
    >>> prompts_of("BAAI/bge-small-zh-v1.5", {"query": "", "document": ""})
    Prompts(query='', passage='')
    """
    query = own.get("query") or ""
    passage = own.get("passage") or own.get("document") or ""
    if query or passage:
        return Prompts(query, passage)
    return E5_PROMPTS if re.search(r"(?<![a-z0-9])e5(?![a-z0-9])", name.lower()) else Prompts("", "")
