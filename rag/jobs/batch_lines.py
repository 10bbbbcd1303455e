"""A line of a batch: one question with the name its giver calls it by. What is wrong with a line is told of that line alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.errors import QuestionError
from rag.retrieve.query import check_question

Given = bytes | str | Mapping[str, Any]

# Fields of POST /v1/chat that a batch has once, for all of its lines.
_OF_THE_BATCH = ("collection", "explain", "filter", "mode", "stream", "top_k")
_ASKED = ("question", "messages", "history")
_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One question of a batch, or what is wrong with its line.

    ``number`` is the line's in its file, from 1; ``id`` the giver's name for it, else the number. ``messages`` end with the
    question; ``extra`` are the other fields of the line, which come back with its answer. ``key`` tells what is asked, and
    the how-manieth time: a journal knows a question by it although lines before it came or went.
    """

    number: int
    id: str
    messages: tuple[dict[str, str], ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    error: QuestionError | None = None

    @property
    def question(self) -> str:
        """The last message's words; "" where the line is wrong."""
        return self.messages[-1]["content"] if self.messages else ""

    def asked(self) -> str | list[dict[str, str]]:
        """The question as :meth:`rag.Assistant.ask` takes it."""
        return self.question if len(self.messages) == 1 else [dict(message) for message in self.messages]

    def head(self) -> dict[str, Any]:
        """What a result says of its line: id, number, the question and what else stood there."""
        head: dict[str, Any] = {"id": self.id, "line": self.number}
        if self.messages:
            head["question"] = self.question
        if self.extra:
            head["extra"] = self.extra
        return head


def batch_lines(given: Iterable[tuple[int, Given]], *, max_chars: int) -> Iterator[BatchLine]:
    """Numbered lines → questions. Blank lines are left out.

    Args:
        given: JSON of an object with ``question`` (and ``history``, earlier messages) or ``messages``, as bytes of UTF-8
            or text; or that object itself. max_chars: longest message of the user, in code points.

    >>> [line] = batch_lines([(1, '{"id": "a", "question": "茶园有多大？", "grade": 2}')], max_chars=100)
    >>> line.id, line.question, line.extra
    ('a', '茶园有多大？', {'grade': 2})
    """
    times: Counter[str] = Counter()
    for number, raw in given:
        if isinstance(raw, (bytes, str)) and not raw.strip():
            continue
        id, extra = str(number), dict[str, Any]()
        try:
            row = _parsed(raw)
            extra = {name: value for name, value in row.items() if name not in (*_ASKED, "id")}
            id = _id(row.get("id"), id)
            messages = _messages(row, max_chars, strict=not isinstance(raw, Mapping))
        except QuestionError as error:
            yield BatchLine(number, id, extra=extra, error=error)
            continue
        digest = hashlib.sha256(json.dumps(messages, ensure_ascii=False).encode()).hexdigest()[:24]
        times[digest] += 1
        yield BatchLine(number, id, messages, extra, f"{digest}-{times[digest]}")


def _parsed(raw: Given) -> dict[str, Any]:
    try:
        row = (
            json.loads(raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw, parse_constant=_no_number)
            if (isinstance(raw, (bytes, str)))
            else dict(raw)
        )
        # Half of a surrogate pair ("\ud800") could not be written back, nor could a number beyond all measure.
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeError:
        raise _wrong(
            "malformed_text",
            "The line is not text in UTF-8; save the file as UTF-8.",
            "这一行不是有效的 UTF-8 文本，请另存为 UTF-8。",
        ) from None
    except (ValueError, RecursionError):
        raise _wrong(
            "malformed_json",
            'The line is not valid JSON; write an object a line: {"id": "…", "question": "…"}.',
            '这一行不是有效的 JSON；请每行写一个对象：{"id": "…", "question": "…"}。',
        ) from None
    if not isinstance(row, dict):
        raise _wrong(
            "invalid_request",
            'The line is not a JSON object; write {"id": "…", "question": "…"}.',
            '这一行不是 JSON 对象；请写成 {"id": "…", "question": "…"}。',
        )
    return row


def _no_number(name: str) -> float:
    raise ValueError(name)


def _id(value: Any, number: str) -> str:
    if value is None or value == "":
        return number
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wrong("invalid_request", "The id must be a text or a number.", "id 应为字符串或数字。", param="id")
    return str(value)


def _messages(row: Mapping[str, Any], max_chars: int, *, strict: bool) -> tuple[dict[str, str], ...]:
    """Raises QuestionError. ``strict``: a line that sets what the whole batch has is wrong, and not a column of a table."""
    if strict and (own := next((name for name in _OF_THE_BATCH if name in row), None)):
        raise _wrong(
            "invalid_request",
            f"{own} is set for the whole batch, not for a line; take it out of the line.",
            f"{own} 只能为整个批次设定，不能写在某一行；请从这一行去掉。",
            param=own,
        )
    question, whole, history = (row.get(name) for name in _ASKED)
    if (question is None) == (whole is None) or (whole is not None and history not in (None, "", [])):
        raise _wrong(
            "invalid_request",
            "A line has either a question (and perhaps a history) or messages; give one of the two.",
            "每一行要么有 question（可加 history），要么有 messages；请只写其中一种。",
            param="question",
        )
    if whole is not None:
        messages = _turns(whole, "messages")
        if not messages or messages[-1]["role"] != "user":
            raise _wrong(
                "invalid_request",
                "The last of the messages must be the user's question.",
                "messages 的最后一条必须是用户的问题。",
                param="messages",
            )
    else:
        if not isinstance(question, str):
            raise _wrong("invalid_request", "The question must be a text.", "question 应为字符串。", param="question")
        messages = (*_turns(history, "history"), {"role": "user", "content": question})
    for at, message in enumerate(messages):
        if at == len(messages) - 1 or (message["role"] == "user" and len(message["content"]) > max_chars):
            check_question(message["content"], max_chars)
    return messages


def _turns(value: Any, name: str) -> tuple[dict[str, str], ...]:
    if value in (None, "", []):
        return ()
    try:
        turns = json.loads(value) if isinstance(value, str) else value  # a table's cell holds it as JSON
        found = tuple({"role": turn["role"], "content": turn["content"]} for turn in turns)
        if not all(turn["role"] in _ROLES and isinstance(turn["content"], str) for turn in found):
            raise ValueError
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _wrong(
            "invalid_request",
            f'{name} must be a list of {{"role": "user", "assistant" or "system", "content": "…"}}.',
            f'{name} 应为列表：[{{"role": "user"（或 assistant、system）, "content": "…"}}, …]。',
            param=name,
        ) from None
    return found


def _wrong(code: str, en: str, zh: str, *, param: str | None = None) -> QuestionError:
    return QuestionError(en, zh, code=code, param=param)
