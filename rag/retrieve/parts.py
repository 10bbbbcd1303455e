"""A question that asks several things → its parts, each standing alone; what is told around them is left out.

``X包括哪几块，其中Y又有哪三种？`` asks two things, ``甲、乙、丙分别由谁生产`` three; ``我们在选型，听说……，X是什么？`` asks one.
"""

from __future__ import annotations

import re

from rag.retrieve.attributes import attribute
from rag.retrieve.followup import resolved
from rag.retrieve.subject import topics
from rag.text.normalize import folded
from rag.text.words import Lexicon

_SENTENCE = re.compile(r"[^?？;；。!！\n]+[?？;；。!！\n]*")
_PIECE = re.compile(r"[^,，]+[,，]?")
# A number before a sub-question: 1. 2、 (3) ① 一是 第二， – not a figure (1.5倍) and not a year.
_NUMBER = re.compile(
    r"[①-⑩]\s*|(?:(?<=^)|(?<=[\s,，;；:：。?？]))(?:[(（]?\d{1,2}[)）]|\d{1,2}[.．、](?!\d)|[(（][一二三四五六七八九十][)）]|[一二三四五六七八九十]、|第[一二三四五](?=[,，、])[,，、])\s*"
)
_ASKS = re.compile(
    r"谁|哪|什么|多少|几[家个种类年月天台亿万成倍层级项款名座]|第几|为何|为什么|怎么|怎样|如何|何时|是否|是不是|有没有|能不能|啥|吗|呢[?？]?$|多[大高长快重久远深宽厚]|"
    r"\b(?:what|which|who|when|where|why|how)\b"
)
# Words in which a person tells of himself or of hearsay, or is polite: no part of what is asked.
_TOLD = re.compile(r"(?<![诉给帮教])我们?(?!国)|咱|本人|听说|据说|请教|打扰|你好|您好|谢谢|麻烦|辛苦")
_WISH = re.compile(r"^(?:我们?)?(?:很|就)?(?:想要?|要|希望)(?:知道|了解|问|请教|咨询)(?:一?下|下)?[,，:：]?")
# Who wants to know, and that an answer is begged for: 老师问…, …求答案.
_ASKER = re.compile(
    r"^(?:我们?)?(?:老师|同事|领导|老板|客户|朋友|同学|面试官|有人|别人|群里|网友|孩子|家人)们?(?:在|又|刚才|刚刚|今天)*(?:问我?|想知道|让我查一?下?|让我问)[:：,，]?(?=.{4})"
)
_BEGS = re.compile(
    r"[,，。\s]*(?:求答案|求解答?|求教|求科普|求告知|跪求|在线等|急急*|谢谢|感谢|麻烦了)[啊呀了!！。~～]*$"
)
_JOIN = re.compile(r"^(?:另外|还有|以及|又|其中|同时|并且|而且|然后|那么?|那|再|and\b)[,，]?\s*", re.IGNORECASE)
_NAME = r"[^,，、?？和与跟及]{2,20}?"
_EACH = re.compile(
    rf"^(?P<names>[^,，、?？和与跟及]{{2,20}}?(?:(?:、|和|与|跟|以及|及){_NAME})+)(?P<between>(?:[,，]|在|的|里|中|\d{{4}}年)[^各分?？]{{0,16}}?)?(?:这[两二三四五六七八九几]?[个家种款者项]?)?(?:各自?|分别|都?各)(?:都|又)?(?P<rest>.{{2,30}})$"
)
_SPLIT = re.compile(r"、|以及|和|与|跟|及")
_ASKS_FOR = re.compile(r"^(?P<what>[^,，?？]{2,40}?)(?:又|都)?(?:是谁|是哪一?[家个位]|叫什么)[?？。 ]*$")
_POINTS = re.compile(r"[它他她其这那]")
_SAYS = re.compile(r"^(?:占|有|是|在|排|做|为|属于|成立|位于|什么时候|多少|几|何时|哪)")
_MAX_PARTS = 5
_LONGEST = 200  # characters of a question that asks of several things each


def parts(question: str, lexicon: Lexicon) -> list[str]:
    """The questions in a question, in order; one where it asks one thing."""
    numbered = len(_NUMBER.findall(question)) > 1
    pieces = _numbered(question) if numbered else [found.group() for found in _SENTENCE.finditer(question)]
    asking = [s for piece in pieces for s in _split(piece) if _ASKS.search(folded(s).strip())]
    if len(asking) < 2:
        return _each(_without_told(question), lexicon)
    made: list[str] = []
    for part in (_without_told(part) for part in asking):
        alone = not made or (numbered and _own(part, lexicon))
        made.extend(_each(part if alone else _standing(part, made[-1], lexicon), lexicon))
    return made[:_MAX_PARTS]


def _own(part: str, lexicon: Lexicon) -> bool:
    """Whether a numbered sub-question has a subject of its own, which an attribute at its beginning is not."""
    there = topics(part, lexicon)
    leaning = there and there[0].start == 0 and attribute(there[0].text)
    return bool(there) and not leaning and not _POINTS.search(part)


def _numbered(question: str) -> list[str]:
    """Numbered sub-questions without their numbers, and what stands before the first."""
    return [piece.strip() for piece in _NUMBER.split(question) if piece.strip()]


def _each(question: str, lexicon: Lexicon) -> list[str]:
    """``甲、乙和丙各占多少`` → 甲占多少, 乙占多少, 丙占多少; the question itself where it does not ask of several each."""
    stem = question.rstrip("?？。 ")
    found = _EACH.match(stem) if len(stem) <= _LONGEST else None
    if found is None or len(folded(stem)) != len(stem):
        return [question]
    names = [name.strip() for name in _SPLIT.split(found["names"])]
    between, rest = (found["between"] or "").strip(",， "), found["rest"]
    if not 2 <= len(names) <= _MAX_PARTS or any(len(name) < 2 for name in names) or _ranks(names):
        return [question]
    return [f"{name}{between}{rest}" for name in _with_head(names, between)]


def _ranks(names: list[str]) -> bool:
    """Whether what is asked of are places in an order (排名第二和第四): one list tells them all."""
    return any(name.startswith("第") for name in names[1:])


def _with_head(names: list[str], between: str) -> list[str]:
    """Names with what the first one begins with before each: 甲的乙、丙 → 甲的乙, 甲的丙."""
    head, of, _ = names[0].rpartition("的")
    return names if not of or between.startswith("的") else [names[0], *(f"{head}的{name}" for name in names[1:])]


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
    part = _BEGS.sub("", _ASKER.sub("", part)) or part
    pieces = [found.group() for found in _PIECE.finditer(part)]
    kept = [piece for piece in pieces if not _TOLD.search(piece) or _ASKS.search(folded(piece))]
    told = "".join(kept).strip("，, ") if kept and len(kept) < len(pieces) else part.strip("，, ")
    return _WISH.sub("", told) or told


def _standing(part: str, before: str, lexicon: Lexicon) -> str:
    """A later part with its joint taken off, as a follow-up to the part before it; of what that asks for, where it asks
    who or what something is (第二名是谁，占多少)."""
    asks_for = _ASKS_FOR.match(before)
    if asks_for and not _POINTS.search(part):
        before = asks_for["what"]
        if _SAYS.match(part):
            return before + part
    return resolved(_JOIN.sub("", part.strip()) or part, before, lexicon)
