"""Replies read back: what ``POST /v1/chat`` sends, or a saved run holds, as the ``Answer`` that it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from rag import Answer

_ANSWER = TypeAdapter(Answer)


def answer_of(reply: Mapping[str, Any]) -> Answer:
    """The answer whose ``as_dict`` a reply is. Fields that an answer does not have are passed over.

    Raises:
        ValueError: a field is missing or of another type (pydantic's ``ValidationError``), or it is no reply at all.
    """
    fields = dict(reply)
    if "answer" not in fields or not isinstance(fields.get("index"), Mapping):
        raise ValueError("a reply has the fields 'answer' and 'index'")
    fields["text"] = fields.pop("answer")
    fields |= fields.pop("index")
    return _ANSWER.validate_python(fields)
