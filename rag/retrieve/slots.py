"""An elliptic follow-up (岩上科技呢, 那国外的呢, 第二名呢, 按级别分呢) → the question before it with that one thing changed."""

from __future__ import annotations

import re

from rag.retrieve.attributes import attribute
from rag.retrieve.glue import GLUE, RELATIONS
from rag.retrieve.kinds import kind_of
from rag.retrieve.subject import PHASE, SIDE, TIME, Topic, subject, topics
from rag.text.normalize import folded
from rag.text.words import Lexicon

TRAIL = re.compile(r"[?？。!！\s]*$")
RANK = re.compile(r"(?:排名?|位列|位居)?第(?:[一二三四五六七八九十]+|\d+)名?|首位|榜首")
_ASKED_RANK = re.compile(r"(?:排名?|位列|位居)?(?:第几|几)名?$|排名(?:是多少|如何|怎么样)?$")
_MAKERS = re.compile(
    r"谁|厂商|厂家|公司|企业|哪家|哪些人|\bwho\b|\bwhich\b"
)  # asked of a product, not of its attribute
_AT = re.compile(r"^(?:在|对|从|到|至|关于|对于|就|按|用|以)")
_TAIL = re.compile(r"(?:分别)?(?:有哪些|有什么|是多少|有多少|多少|是谁|在哪里?|是什么时候|什么时候|有几[^\W\d_]{0,2})$")


def changed(slot: str, before: str, lexicon: Lexicon) -> str:
    """The question ``before`` with ``slot`` in the place of what it changes.

    A time takes the place of a time, a side of the border that of the other, a rank that of a rank; a name that of the
    subject; a noun that of the noun that it resembles, else it is another attribute of the same subject.
    """
    stem = TRAIL.sub("", before)
    slot = slot.strip("的 ，,") or slot
    bare = _AT.sub("", slot) or slot
    for pattern in (TIME, SIDE, PHASE):
        if (made := _circumstance(bare, stem, pattern, lexicon)) is not None:
            return made
    if RANK.fullmatch(bare) or re.fullmatch(r"第[一二三四五六七八九十\d]+[名个家位]?", bare):
        return ranked(bare, stem, lexicon)
    if (phrase := _phrase(slot, stem, lexicon)) is not None:
        return phrase
    return _noun(bare, stem, lexicon)


def _circumstance(slot: str, stem: str, pattern: re.Pattern[str], lexicon: Lexicon) -> str | None:
    """The question with another time, side of the border or phase; None where the slot is none."""
    if not re.fullmatch(rf"(?:{pattern.pattern})+", slot):
        return None
    if found := pattern.search(stem):
        return stem[: found.start()] + slot + stem[found.end() :]
    about = subject(stem, lexicon) if pattern is PHASE else None
    return f"{stem[: about.end]}{slot}{stem[about.end :]}" if about else slot + stem


def ranked(slot: str, stem: str, lexicon: Lexicon) -> str:
    """The question with another rank: 谁排第一 → 谁排第二; 排名里甲第几 → 排名里第二是谁."""
    number = re.search(r"第?(?:[一二三四五六七八九十]+|\d+)", slot)
    rank = number.group() if number else slot
    if found := re.search(r"第(?:[一二三四五六七八九十]+|\d+)|首位|榜首", stem):
        return stem[: found.start()] + rank + stem[found.end() :]
    if found := _ASKED_RANK.search(stem):
        head = stem[: found.start()]
        name = next((t for t in reversed(topics(head, lexicon)) if t.end == len(head)), None)
        return (head[: name.start] if name else head) + f"{rank}是谁"
    return f"{frame(stem, lexicon)}{slot}是谁"


def frame(stem: str, lexicon: Lexicon) -> str:
    """What stands in a question before it asks: 全球前16大电源厂商 of 全球前16大电源厂商谁排第一."""
    found = re.search(
        r"(?:分别|都|各)?(?:是|有|由|归|在)?(?:谁|哪|什么|多少|几[个家名种]|如何|怎么|为什么|第几)|排?第[一二三四五六七八九十\d]|份额|排名(?=第|$)",
        stem,
    )
    head = stem[: found.start()].rstrip("，, 的是有了") if found else stem
    if found and re.search(r"[了过]$", stem[: found.start()]) and (last := lexicon.words(head)):
        head = head[: last[-1][1]].rstrip("，, 的") or head
    words = lexicon.words(folded(head)) if len(folded(head)) == len(head) else ()
    for word, start, _ in reversed(words):  # 甲乙启动了几个… is about 甲乙
        light = word in GLUE or word in RELATIONS or lexicon.word_class(word) in ("v", "d", "p")
        if start == 0 or not light or (len(word) == 1 and word not in "有是在做造由归跟和与"):
            break
        head = head[:start].rstrip("，, 的是有了")
    topic = subject(stem, lexicon)
    return head if len(head) > 1 else topic.text if topic else stem


def _phrase(slot: str, stem: str, lexicon: Lexicon) -> str | None:
    """按级别分 in the place of 按主导方分: a phrase that begins and ends as one of the question before does."""
    words = [slot[start:end] for _, start, end in lexicon.words(folded(slot))] if len(folded(slot)) == len(slot) else []
    if len(words) < 2 or lexicon.word_class(words[0]) != "p":
        return None
    begin = stem.find(words[0])
    stop = stem.find(words[-1], begin + 1) if begin >= 0 else -1
    return stem[:begin] + slot + stem[stop + len(words[-1]) :] if stop > begin else None


def _noun(slot: str, stem: str, lexicon: Lexicon) -> str:
    there = topics(stem, lexicon)
    about = subject(stem, lexicon)
    if about is None:
        return f"{slot}{stem}" if not slot.isascii() else f"{slot} {stem}"
    if slot.isascii():
        latin = next((topic for topic in there if topic.text.isascii()), None)
        if latin is not None and (about.text.isascii() or not about.named):
            return _put(slot, latin, stem)
    named = any(topic.named for topic in topics(slot, lexicon))
    happens = lexicon.word_class(folded(slot)) == "v" or (kind_of(folded(stem)) == "date" and len(slot) < 3)
    if happens and not named and not attribute(slot) and (verb := _verb(stem, lexicon)):
        return stem[: verb[0]] + slot + stem[verb[1] :]
    alike = max(there, key=lambda topic: (_alike(slot, topic.text), topic.start))
    if _alike(slot, alike.text) and (alike is about or not named or not about.named):
        return _put(slot, alike, stem)
    if named or (_MAKERS.search(folded(stem)) and len(there) == 1 and not attribute(slot)):
        return _put(slot, about, stem)
    if attribute(slot) and (other := _attribute_in(stem, there, lexicon)) is not None:
        return f"{stem[:other]}{slot}{attribute(slot)}"  # …2022年的营收是多少 → …2022年的净利润是多少
    kept = _first_word(about.text, lexicon)
    if not attribute(slot) and kept and len(kept) < len(about.text):
        return f"{stem[: about.start]}{kept}{slot}{stem[about.end :]}"  # 舒宁片成人… → 舒宁片儿童…
    asked = attribute(slot) or _tail(stem, there)
    return f"{about.text}的{slot}{asked}"


def _verb(stem: str, lexicon: Lexicon) -> tuple[int, int] | None:
    """Where the last verb of a question stands that says what happens; None where it has none."""
    if len(folded(stem)) != len(stem):
        return None
    verbs = [(s, e) for w, s, e in lexicon.words(folded(stem)) if len(w) > 1 and lexicon.word_class(w) == "v"]
    return next((span for span in reversed(verbs) if stem[slice(*span)] not in GLUE), None)


def _first_word(text: str, lexicon: Lexicon) -> str:
    """The name that a run of nouns begins with, as written; "" where it begins with none."""
    words = lexicon.words(folded(text))
    fits = bool(words) and len(folded(text)) == len(text) and words[0][0] in lexicon.learned
    return text[: words[0][2]] if fits else ""


def _attribute_in(stem: str, there: list[Topic], lexicon: Lexicon) -> int | None:
    """Where the attribute that a question asks for begins; None where it asks for none."""
    for topic in reversed(there):
        words = lexicon.words(folded(topic.text))
        whole = len(folded(topic.text)) == len(topic.text)
        if topic.start > 0 and len(topic.text) < 5 and attribute(topic.text):
            return topic.start
        if whole and len(words) > 1 and attribute(words[-1][0]):
            return topic.start + words[-1][1]
    return None


def _put(slot: str, topic: Topic, stem: str) -> str:
    return stem[: topic.start] + slot + stem[topic.end :]


def _alike(one: str, other: str) -> int:
    """How many characters two names end with alike, where they are no more alike than that: 优点, 缺点 → 1."""
    one, other = folded(one), folded(other)
    if one == other:
        return 0
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count] and not one[-1].isascii():
        count += 1
    return count


def _tail(stem: str, there: list[Topic]) -> str:
    """The end of the question before, where it asks for an attribute too; else an open one."""
    found = _TAIL.search(stem)
    if found and len(there) > 1 and kind_of(folded(stem)) not in ("date", "definition"):
        return found.group()
    return "是怎样的"
