"""A conversation as turns of question and answer, without what an answer carries for its reader: citation marks, notes,
a list of sources."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.text.normalize import folded
from rag.text.wording import LEFT_OPEN, REFUSED, SOURCES

_MARKS = re.compile(r"[\[［【](?:\d{1,3})(?:\s*[,，、\-–]\s*\d{1,3})*[\]］】]|\^\d{1,3}|<sup>.*?</sup>")
_NOTE = re.compile(rf"\s*[（(](?:{'|'.join(re.escape(text) for text in LEFT_OPEN)}).*?[）)]\s*$", re.DOTALL)
# A list of sources as rag.sources writes it, also where a client gives it back as a Markdown list.
_SOURCE = re.compile(r"\s*(?:[-*]\s*)?\[\d{1,4}\]\s")
_HEADINGS = frozenset(text.rstrip("：:") for text in SOURCES.values())
_HEARD = 2000  # characters of an answer that a follow-up is resolved against
_TURNS = 12  # messages that a follow-up is resolved against


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked, as typed, and what was answered; "" where nothing was, or the answer was a refusal."""

    question: str
    answer: str = ""


def turns(messages: Sequence[Mapping[str, str]]) -> list[Turn]:
    """The turns of a conversation, oldest first; the last is what is asked now.

    Args:
        messages: ``{"role", "content"}``, newest last. What comes from anybody but user and assistant is passed over.
    """
    made: list[Turn] = []
    for message in list(messages)[-_TURNS:]:
        if message["role"] == "user":
            made.append(Turn(message["content"].strip()))
        elif message["role"] == "assistant" and made:
            made[-1] = Turn(made[-1].question, said(message["content"]))
    return made


def said(answer: str) -> str:
    """An answer's own words; "" for a refusal."""
    text = _NOTE.sub("", _MARKS.sub("", _without_sources(answer)[:_HEARD])).strip()
    return "" if any(text.startswith(words) for words in REFUSED) or not folded(text) else text


def _without_sources(answer: str) -> str:
    """An answer without the list of sources at its end."""
    lines = answer.splitlines()
    last = len(lines)
    while last and (not lines[last - 1].strip() or _SOURCE.match(lines[last - 1])):
        last -= 1
    listed = any(line.strip() for line in lines[last:])
    if listed and last and lines[last - 1].strip(" \t#*：:") in _HEADINGS:
        return "\n".join(lines[: last - 1])
    return answer
