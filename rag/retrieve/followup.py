"""A follow-up → a question that stands alone, by rule and without a language model.

Ellipsis (那国内呢？), a changed slot (光宝呢？), pronouns (它的子公司), a place in the list just given (第二个, 最后一类), and
questions that leave their subject out. A question with a subject of its own inherits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.retrieve.glue import GLUE, RELATIONS
from rag.retrieve.kinds import kind_of, without_asking
from rag.text.enumerations import GENERIC, enumerations
from rag.text.normalize import folded
from rag.text.words import Lexicon

_ELLIPSIS = re.compile(
    r"^(?:那么?|还有|另外|以及|换成|如果是|and|what about|how about)?\s*(?P<slot>.{1,16}?)(?:又|方面)?(?:呢|怎么样|如何)?[?？。!！\s]*$"
)
_ELLIPTIC = re.compile(r"呢[?？。!！\s]*$|^(?:那么?|and|what about|how about)\b")
_PRONOUN = re.compile(
    r"它们|他们|她们|该公司|这家公司|这个公司|那家公司|该企业|该厂商|这家|该产品|该技术|这个(?!月|年)|(?<!其)它|其(?=[^中他它余次实])"
)
_QUALIFIER = re.compile(
    r"^(?:国内|国外|海外|国际|全球|国产|大陆|台湾|北美|欧洲|亚太|上游|中游|下游|上半年|下半年|今年|去年|明年|\d{4}年?)+的?$"
)
_ORDINAL = re.compile(r"(?:第(?P<number>[一二三四五六七八九十\d]+)|(?P<last>最后一?))(?:个|家|类|种|项|款|名|位|条)?")
_REST = re.compile(r"除了?(?:这些|它们|上面的?|以上|前面的?)(?:以外|之外)?[,，]?")
_AMONG = re.compile(r"^(?:其中|里面|当中|这里面|这其中)的?[,，]?")
_MAKERS = re.compile(r"谁|厂商|厂家|公司|企业|哪家|\bwho\b|\bwhich\b")  # asked of a product, not of its attribute
_CHANGE = re.compile(r"^(?:换个(?:话题|问题)|顺便(?:问一?下?)?|另外问一?下?|再问一?下?)[,，。\s]*")
_TRAIL = re.compile(r"[?？。!！\s]*$")
# What an English question is made of besides the names in it.
_ENGLISH = frozenset(
    "what which who whom whose when where why how many much long big large old is are was were be do does did has have had "
    "can could will would should the a an of in on at for to and or by with from about this that these those it its they "
    "their there me you please tell list name made first share".split()
)
_TURNS = 12  # messages that a follow-up is resolved against
_GROWTH = 200  # characters that earlier questions may add to it
_DIGITS = "零一二三四五六七八九十"


def standalone(messages: Sequence[Mapping[str, str]], lexicon: Lexicon) -> str:
    """The last user message as a question that stands alone; earlier questions are resolved in the same way first.

    Args:
        messages: ``{"role", "content"}``, newest last.
    """
    question, answer = "", ""
    for message in list(messages)[-_TURNS:]:
        if message["role"] == "assistant":
            answer = message["content"]
        elif message["role"] == "user":
            question = _resolve(message["content"].strip(), question, answer, lexicon) if question else message["content"].strip()  # fmt: skip
            answer = ""
            if len(question) > len(message["content"]) + _GROWTH:
                question = message["content"].strip()  # what grows turn by turn is no question any more
    return question


def _resolve(text: str, before: str, answer: str, lexicon: Lexicon) -> str:
    """``text`` resolved against the question ``before`` it and the ``answer`` to that."""
    subject = subject_of(before, lexicon)
    named = _ordinal(text, answer, lexicon)
    if named is not None:
        place, name = named
        return text[: place[0]] + name + text[place[1] :]
    text = _REST.sub("", _CHANGE.sub("", text))
    if subject and (among := _AMONG.match(text)) and subject_of(text, lexicon) is None:
        return f"{subject}{text[among.end() :]}"
    if _PRONOUN.search(text) and (meant := subject or _first_noun(before, lexicon)):
        return _PRONOUN.sub(lambda _: meant, text, count=1)
    if _ELLIPTIC.search(folded(text)) and (slot := _ELLIPSIS.match(text)):
        return _changed_slot(slot["slot"].strip("的 "), before, lexicon)
    if subject and subject_of(text, lexicon) is None and not _own(text, lexicon):
        return f"{subject}{text}" if not subject.isascii() else f"{subject} {text}"
    return text


def _own(text: str, lexicon: Lexicon) -> bool:
    """Whether a question asks what something does or is, or brings up a name: then it has a subject of its own."""
    plain = folded(text)
    rest = without_asking(plain).strip()
    if kind_of(plain) in ("profile", "definition") and len(rest) > 1 and not _ORDINAL.match(rest):
        return True
    return any(len(word) > 1 and lexicon.word_class(word) == "N" for word, _, _ in lexicon.words(plain))


def subject_of(question: str, lexicon: Lexicon) -> str | None:
    """The name that a question is about: its first learned or Latin term; None without one."""
    text = folded(question)
    words = [(w, s, e) for w, s, e in lexicon.words(text) if len(w) > 1]
    for w, s, e in words:
        if _names(w, lexicon) or lexicon.aliases(w):
            return question[s:e] if len(text) == len(question) else w
    return None


def _names(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.learned or (word.isascii() and not word.isdigit() and word not in _ENGLISH | RELATIONS)


def _first_noun(question: str, lexicon: Lexicon) -> str | None:
    """The first run of nouns in a question, folded (a name that was never learned, 灯塔 + 信号 + 厂); None without one."""
    run, reached = "", 0
    for word, start, end in lexicon.words(folded(question)):
        plain = word not in GLUE and word not in GENERIC and word not in RELATIONS
        # A single character that the dictionary has as something else ends many a name (厂, 站, 片).
        noun = plain and (not lexicon.word_class(word) or (len(word) == 1 and bool(run)))
        if run and (not noun or start > reached):
            if len(run) > 1:
                return run
            run = ""
        run += word if noun else ""
        reached = end
    return run if len(run) > 1 else None


def _changed_slot(slot: str, before: str, lexicon: Lexicon) -> str:
    """The question before with ``slot`` in the place of what it changes: the name of the same kind, or a qualifier."""
    stem = _TRAIL.sub("", before)
    if _QUALIFIER.match(slot):
        others = [w for w, _, _ in lexicon.words(folded(stem)) if _QUALIFIER.match(w)]
        return stem.replace(others[0], slot, 1) if others and others[0] in stem else slot + stem
    about = subject_of(stem, lexicon) or _first_noun(stem, lexicon)
    if (
        about
        and not _MAKERS.search(folded(stem))
        and not any(lexicon.is_name(word) for word, _, _ in lexicon.words(folded(slot)))
    ):
        return f"{about}的{slot}"  # an attribute (有效期, 净利润): the same thing is asked of the same subject
    latin = slot.isascii()
    for word, start, end in lexicon.words(folded(stem)):
        if _names(word, lexicon) and word.isascii() == latin and len(folded(stem)) == len(stem):
            return stem[:start] + slot + stem[end:]
    subject = subject_of(stem, lexicon)
    return stem.replace(subject, slot, 1) if subject and subject in stem else f"{slot} {stem}"


def _ordinal(text: str, answer: str, lexicon: Lexicon) -> tuple[tuple[int, int], str] | None:
    """The name that 第二个 or 最后一类 means in the list that the answer gave, and where the text says it."""
    found = _ORDINAL.search(text)
    if not found or not answer or len(folded(answer)) != len(answer):
        return None
    lists = enumerations(folded(answer), lexicon)
    if not lists:
        return None
    names = [answer[start:end] for start, end in lists[0].items]
    if found["last"]:
        at = len(names) - 1
    else:
        number = found["number"]
        at = int(number) - 1 if number.isdigit() else _DIGITS.find(number) - 1
    return (found.span(), names[at]) if 0 <= at < len(names) else None
