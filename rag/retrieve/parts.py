"""A question that asks several things → its parts, each standing alone; what is told around them is left out.

``X包括哪几块，其中Y又有哪三种？`` asks two things; ``我们在选型，听说……，X是什么？`` asks one.
"""

from __future__ import annotations

import re

from rag.retrieve.topic import subject_of
from rag.text.normalize import folded
from rag.text.words import Lexicon

_SENTENCE = re.compile(r"[^?？;；。!！\n]+[?？;；。!！\n]*")
_PIECE = re.compile(r"[^,，]+[,，]?")
_ASKS = re.compile(
    r"谁|哪|什么|多少|几[家个种类年月天台亿万成倍层级项款名座]|第几|为何|为什么|怎么|怎样|如何|何时|是否|是不是|有没有|能不能|啥|吗|多[大高长快重久远深宽厚]|"
    r"\b(?:what|which|who|when|where|why|how)\b"
)
# Words in which a person tells of himself or of hearsay, or is polite: no part of what is asked.
_TOLD = re.compile(r"(?<![诉给帮教])我们?(?!国)|咱|本人|听说|据说|请教|打扰|你好|您好|谢谢|麻烦|辛苦")
_JOIN = re.compile(r"^(?:另外|还有|以及|又|其中|同时|并且|而且|然后|那么?|那|再)[,，]?")
_BOTH = re.compile(
    r"^(?P<one>[^,，、?？和与跟]{2,20}?)(?:和|与|跟|、)(?P<other>[a-zA-Z0-9+\-]{2,20}|[^,，、?？和与跟的]{2,20}?)(?P<between>(?:[,，]|在|的|\d{4}年)[^各分?？]{0,16}?)?(?:各自?|分别)(?:是|都)?(?P<rest>.{2,30})$"
)
_MAX_PARTS = 3


def parts(question: str, lexicon: Lexicon) -> list[str]:
    """The questions in a question, in order; one where it asks one thing."""
    sentences = [piece for found in _SENTENCE.finditer(question) for piece in _split(found.group())]
    asking = [s for s in sentences if _ASKS.search(folded(s))]
    if len(asking) < 2:
        return _each(_without_told(question))
    made = [_without_told(part) for part in asking[:_MAX_PARTS]]
    first = subject_of(made[0], lexicon)
    return [made[0], *(_standing(part, first, lexicon) for part in made[1:])]


def _each(question: str) -> list[str]:
    """``甲和乙各占多少`` → 甲占多少, 乙占多少; the question itself where it does not ask of two things each."""
    found = _BOTH.match(question)
    if found is None or len(folded(question)) != len(question) or found["other"].startswith("第"):
        return [question]
    between, rest = (found["between"] or "").strip(",， "), found["rest"]
    return [f"{name.strip()}{between}{rest}" for name in (found["one"], found["other"])]


def _split(sentence: str) -> list[str]:
    """A sentence, cut at a comma where both sides ask; a piece that does not ask stays with the one after it."""
    made: list[str] = []
    held = ""
    for found in _PIECE.finditer(sentence):
        held += found.group()
        if _ASKS.search(folded(found.group())):
            made.append(held)
            held = ""
    if held and made:
        made[-1] += held
    elif held:
        made.append(held)
    return made


def _without_told(part: str) -> str:
    """The part without the pieces in which somebody tells of himself, unless nothing else is left."""
    pieces = [found.group() for found in _PIECE.finditer(part)]
    kept = [piece for piece in pieces if not _TOLD.search(piece) or _ASKS.search(folded(piece))]
    return "".join(kept).strip("，, ") if kept and len(kept) < len(pieces) else part.strip("，, ")


def _standing(part: str, first: str | None, lexicon: Lexicon) -> str:
    """A later part with its joint taken off, and the first part's subject before it where it names none."""
    rest = _JOIN.sub("", part.strip())
    if first and subject_of(rest, lexicon) is None:
        return f"{first}{rest}" if not first.isascii() else f"{first} {rest}"
    return rest
