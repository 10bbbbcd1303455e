"""The lists of a source's piece, as one element each, so that some of their names may be said without the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.entail import wordlists as w
from rag.entail.tokens import Token
from rag.text.enumerations import enumerations
from rag.text.words import Lexicon, is_verbal


@dataclass(frozen=True, slots=True)
class Listing:
    """Names listed in one breath, folded; ``open_ended`` where 等 follows; ``either`` where they are joined by 或."""

    items: tuple[str, ...]
    open_ended: bool = False
    either: bool = False

    @property
    def text(self) -> str:
        """As it is written in a log."""
        return "、".join(self.items)


Element = Token | Listing


def listed(text: str, core: Sequence[Token], lexicon: Lexicon) -> tuple[Element, ...]:
    """The elements of a piece's core: its tokens, those of a list put together."""
    spans = _spans(text, core, lexicon)
    made: list[Element] = []
    at = 0
    while at < len(core):
        token = core[at]
        found = next(((s, e, listing) for s, e, listing in spans if s <= token.start < e), None)
        if found is None:
            made.append(token)
            at += 1
            continue
        made.append(found[2])
        while at < len(core) and core[at].start < found[1]:
            at += 1
    return tuple(made)


def _spans(text: str, core: Sequence[Token], lexicon: Lexicon) -> list[tuple[int, int, Listing]]:
    if not core:
        return []
    found: list[tuple[int, int, Listing]] = []
    starts, ends = {token.start for token in core}, {token.end for token in core}
    for one in enumerations(text, lexicon):
        if one.start < core[0].start or one.end > core[-1].end or one.start not in starts:
            continue
        spans = [_trimmed(one.items[0], core, lexicon), *one.items[1:]]
        items = tuple(text[s:e] for s, e in spans)
        between = text[one.start : one.end]
        if any(s not in starts or e not in ends for s, e in spans):
            continue  # its names end within words
        if any(_clause(span, core) for span in spans):
            continue  # 甲生产茶、乙生产瓷
        found.append(
            (spans[0][0], one.end, Listing(items, one.open_ended, any(word in between for word in ("或", "还是"))))
        )
    return found or _pairs(text, core, lexicon)


def _trimmed(span: tuple[int, int], core: Sequence[Token], lexicon: Lexicon) -> tuple[int, int]:
    """A list's first name without the verb before it (甲生产|离心泵、…)."""
    inside = [token for token in core if span[0] <= token.start and token.end <= span[1]]
    for at in range(len(inside) - 2, -1, -1):
        word = inside[at].text
        acts = word in w.MAKING or (len(word) > 1 and lexicon.word_class(word) == "v")
        if inside[at].kind == "word" and acts:
            return inside[at + 1].start, span[1]
    return span


def _clause(span: tuple[int, int], core: Sequence[Token]) -> bool:
    inside = [token.text for token in core if span[0] <= token.start and token.end <= span[1]]
    return any(word in w.MAKING for word in inside[1:-1])


def _pairs(text: str, core: Sequence[Token], lexicon: Lexicon) -> list[tuple[int, int, Listing]]:
    """A and B joined by 和, as the subject or the object, where each is one word or a name."""
    found: list[tuple[int, int, Listing]] = []
    for at, token in enumerate(core):
        if token.text not in ("和", "及", "以及", "and") or any(s <= token.start < e for s, e, _ in found):
            continue
        begin = at
        while begin and not stops(core[begin - 1], lexicon) and core[begin - 1].end == core[begin].start:
            begin -= 1
        end = at + 1
        while (
            end < len(core)
            and not stops(core[end], lexicon)
            and (end == at + 1 or core[end].start == core[end - 1].end)
        ):
            end += 1
        left, right = core[begin:at], core[at + 1 : end]
        whole = begin == 0 or end == len(core)
        if whole and _one(left) and _one(right) and text[right[-1].end : right[-1].end + 1] != "的":
            items = (text[left[0].start : left[-1].end], text[right[0].start : right[-1].end])
            found.append((left[0].start, right[-1].end, Listing(items)))
    return found


def _one(run: Sequence[Token]) -> bool:
    """Whether tokens side by side are one name or word."""
    if not run or any(token.kind in ("figure", "date", "joint") for token in run):
        return False
    return len(run) == 1 or any(token.kind == "name" for token in run) or all(len(token.text) == 1 for token in run)


def stops(token: Element, lexicon: Lexicon) -> bool:
    """Whether a noun phrase cannot go over a token: a verb, a link, a case, an operator, a figure, a joint."""
    if isinstance(token, Listing):
        return True
    if token.kind in ("figure", "date", "joint", "mark"):
        return True
    return token.kind != "name" and verbal(token.text, lexicon)


def verbal(word: str, lexicon: Lexicon) -> bool:
    """Whether a word says something rather than names it."""
    if word in w.ACTS:
        return True
    if word in w.ATTRIBUTES or word in w.ROLES or word in lexicon.learned:
        return False
    if lexicon.word_class(word) in ("v", "p", "d", "a"):
        return len(word) > 1 or word in w.VERBS
    return is_verbal(word)
