"""A follow-up → the questions it may mean, each standing alone, by rule and without a language model.

Ellipsis (那国内呢？), a changed slot (光宝呢？), pronouns (它的子公司), a place in the list just given (第二个, 后者, 这两家),
corrections (不对，我问的是…), doubts (是吗？) and questions that leave their subject out. A question with a subject of its
own inherits nothing. Where the words do not settle it, the words as typed are a reading too, and the evidence decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.retrieve import pointing
from rag.retrieve.attributes import attribute
from rag.retrieve.chat import chat_kind
from rag.retrieve.kinds import kind_of, without_asking
from rag.retrieve.slots import RANK, TRAIL, changed, frame, ranked
from rag.retrieve.subject import ENGLISH, SIDE, TIME, subject, subject_of, topics
from rag.retrieve.turns import Turn, turns
from rag.text.normalize import folded
from rag.text.words import Lexicon

__all__ = ["readings", "resolved", "standalone", "subject_of"]

_LEAD = re.compile(
    r"^(?:(?:那么|那(?![个些种里边时家款项类座位年天次两几三位])|还有|另外|以及|换成|换做|如果(?:是|换成)|要是(?:换成)?|假如|and|then|so|what about|how about)[,，\s]*)+",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(r"(?:又|方面|的话|这边|那边)?(?:呢|怎么样|如何|咋样)[?？。!！\s]*$", re.IGNORECASE)
_ELLIPTIC_START = re.compile(r"^(?:换成|换做|如果(?:是|换成)|要是换成|and\b|what about\b|how about\b)", re.IGNORECASE)
_CHANGE = re.compile(r"^(?:换个(?:话题|问题)|顺便(?:问一?下?)?|另外问一?下?|再问一?下?|再请问)[,，。\s]*")
_CORRECTION = re.compile(
    r"^(?:不对|不是的?|错了|不|你(?:理解|搞|弄)错了?|no)?[,，。!！\s]*(?:我(?:问的?|说的?|指的?|想问的?|要问的?)(?:其实)?是|我是(?:说|问|指|想问)|应该是|i mean(?:t)?)[,，:：\s]*",
    re.IGNORECASE,
)
_NOT_BUT = re.compile(r"^不是(?P<old>[^,，]{1,16})[,，]\s*(?:而)?是(?P<new>[^,，?？。]{1,16})[?？。\s]*$")
_DOUBT = re.compile(
    r"^(?:是吗|真的吗?|真的假的|确定吗?|你确定吗?|对吗|是这样吗?|没错吧|当真|具体(?:说说|讲讲|一点|点)?|详细(?:说说|讲讲|一点|点|说明|介绍)?(?:一下)?|(?:介绍|说明|解释|说|讲)一下|说说|讲讲|展开(?:说说|讲讲)|再说一[遍次]|什么意思|really|are you sure)[?？。!！吗呢\s]*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:还有(?:吗|呢|没有?|哪些|谁|别的吗?|其他的?吗?)?|其他的?呢|别的呢|anyone else|who else|what else)[?？。!！\s]*$",
    re.IGNORECASE,
)
_WHY = re.compile(r"^(?:为什么|为啥|为何|怎么回事|原因(?:呢|是什么)?|why)[呢?？\s]*$", re.IGNORECASE)
_REST = re.compile(
    r"除(?:了|去|开)?(?:这些|它们|他们|上面(?:的|这些)?|以上|前面(?:的|这些)?|这[一二三四五六七八九十两几\d]+[家个种类款位项])(?:以外|之外|外)?[,，]?"
)
_AMONG = re.compile(r"^(?:其中|里面|当中|这里面|这其中|这里头|里头)的?[,，]?")
_DATA = re.compile(
    r"这(?:个|些|一?(?:条|项|份|组))?(?P<noun>数据|数字|数值|排名|结果|消息|结论|说法|信息|统计|榜单|名单)"
)
_LEANS = re.compile(
    r"^(?:占|有|是|在|排|为|属于|成立|位于|由|归|被)"
)  # what such words begin is said of something before
_THIS = re.compile(r"^(?:这|那)(?:个|种|款|项|座|条|些)|^该")
_SOURCE = re.compile(
    r"^(?:这|那)?(?:个|些)?(?:数据|消息|说法|结论)?(?:的)?(?:(?:来源|出处|依据)(?:是|在)?(?:哪里|哪儿|什么)?|(?:是)?(?:从)?哪里(?:说|来|看到|写)的?|有(?:什么)?(?:依据|出处|来源)|出自哪里|where does (?:it|that) say so)[?？。吗呢\s]*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"^(?:和|跟|与|同|比|相比|相较|较|比起)(?!它|他)")
_HAS_PLACE = re.compile(r"第[一二三四五六七八九十\d]+名?|首位")
_COMPLETE = re.compile(r"^(?:什么是|何谓|何为|介绍|请)")
# 谁生产甲 asks of 甲, whatever was asked of before.
_WHO_MAKES = re.compile(
    r"^(?:谁|哪[些几]?家?(?:公司|企业|厂商|厂家|供应商))(?:还|也|都|在|能|会|主要)*(?:生产|制造|做|造|供应|提供|销售|卖)(?![的了过这它其什哪和与]).{2}"
)
_SET = re.compile(
    r"几[个家种类座所条款项]?|哪[些几一二三四五六七八九十两\d]*[个家种类座所条款项]?|什么|多少[个家种类座所条款项]"
)
_GROWTH = 200  # characters that earlier questions may add to it
_SLOT = 16  # characters of a follow-up that names only what changes


def standalone(messages: Sequence[Mapping[str, str]], lexicon: Lexicon) -> str:
    """The likeliest of :func:`readings`."""
    return readings(messages, lexicon)[0]


def readings(messages: Sequence[Mapping[str, str]], lexicon: Lexicon) -> tuple[str, ...]:
    """The questions that the last user message may mean, the likeliest first; earlier questions are resolved first.

    Args:
        messages: ``{"role", "content"}``, newest last.

    Returns:
        One where the words settle it; the words as typed come last where they can stand alone.
    """
    question, answer, listing = "", "", ""
    made: tuple[str, ...] = ("",)
    *earlier, last = turns(messages) or [Turn("")]
    for turn in (*(turn for turn in earlier if chat_kind(turn.question) is None), last):
        made = _resolve(turn.question, question, answer, lexicon, listing) if question else (turn.question,)
        if len(made[0]) > len(turn.question) + _GROWTH:
            made = (turn.question,)  # what grows turn by turn is no question any more
        question, answer = made[0], turn.answer
        listing = answer if pointing.names_in(answer, lexicon) else listing
    return tuple(dict.fromkeys(text for text in made if text)) or ("",)


def resolved(text: str, before: str, lexicon: Lexicon) -> str:
    """A later part of a message, resolved against the part ``before`` it."""
    return _resolve(text, before, "", lexicon)[0]


def _resolve(text: str, before: str, answer: str, lexicon: Lexicon, listing: str = "") -> tuple[str, ...]:
    """``text`` resolved against the question ``before`` it, the ``answer`` to that, and the last answer that was a
    list."""
    text = _CHANGE.sub("", text) or text
    if not topics(before, lexicon) and not TIME.search(before) and not SIDE.search(before):
        return (text,)  # what came before was no question: 你好
    if found := _NOT_BUT.match(text):
        old, new = found["old"], found["new"]
        return (before.replace(old, new, 1),) if old in before else (changed(new, before, lexicon),)
    if (found := _CORRECTION.match(text)) and found.group().strip(" ,，。"):
        meant = text[found.end() :].strip()
        if meant:
            return (changed(TRAIL.sub("", meant), before, lexicon),) if _is_slot(meant) else _resolve(meant, before, answer, lexicon, listing)  # fmt: skip
    if _DOUBT.match(text) or _SOURCE.match(text):  # the answer comes again, with its citations
        return (before,)
    if _MORE.match(text):
        return (_more(before, answer, lexicon),)
    if _WHY.match(text):
        return (f"{frame(TRAIL.sub('', before), lexicon)}的原因是什么",)
    return _pointed(text, before, answer, lexicon, listing)


def _pointed(text: str, before: str, answer: str, lexicon: Lexicon, listing: str) -> tuple[str, ...]:
    """What points back said by name; then what is left out."""
    about = subject_of(before, lexicon) or ""
    if found := _REST.search(text):
        names = pointing.names_in(answer, lexicon)
        left_out = f"除了{pointing.spoken(names)}，" if names else ""
        rest = text[: found.start()] + text[found.end() :]
        rest = _pronouns(rest, before, "", lexicon) or rest
        whole = rest if topics(rest, lexicon) else f"{frame(TRAIL.sub('', before), lexicon)}{rest}"
        return (f"{left_out}{whole}", whole)
    if (named := pointing.ordinal(text, listing, lexicon)) is not None:
        return (named,) if not _is_slot(named) else (changed(_slot_of(named), before, lexicon),)
    if found := _DATA.search(text):
        topic = frame(TRAIL.sub("", before), lexicon)
        noun = "" if topic.endswith(found["noun"]) else "的" + found["noun"]
        return (text[: found.start()] + topic + noun + text[found.end() :], text)
    if (named := pointing.several(text, before, answer, lexicon)) is not None:
        return _settled(named, before, lexicon)
    if among := _AMONG.match(text):
        rest = text[among.end() :]
        sets = (frame(TRAIL.sub("", before), lexicon), about, _counted(before, lexicon))
        return tuple(dict.fromkeys(f"{name}{rest}" for name in sets if name))
    if (named := _pronouns(text, before, answer, lexicon)) is not None:
        other = _pronouns(text, before, "", lexicon)
        return tuple(dict.fromkeys(t for t in (named, other) if t))
    rest = _LEAD.sub("", text) or text
    if about and _BESIDE.match(rest):
        return (f"{about}{TRAIL.sub('', rest).removesuffix('呢')}" + ("怎么样" if _is_slot(rest) else ""),)
    if _is_elliptic(text):
        return (changed(_slot_of(text), before, lexicon),)
    own = topics(rest, lexicon)
    if _is_slot(rest) and len(own) == 1 and own[0].text == TRAIL.sub("", rest):
        return (changed(own[0].text, before, lexicon), rest)  # a bare name
    return _left_out(rest, text, before, lexicon)


def _counted(before: str, lexicon: Lexicon) -> str:
    """What a question asks the number or the names of (几个**国家节点**): what 其中 chooses from; "" where it is no topic."""
    asked = _SET.search(before)
    return next((topic.text for topic in topics(before, lexicon) if asked and topic.start >= asked.end()), "")


def _settled(named: str, before: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A follow-up whose names are said: 乙呢 still changes the question before."""
    return (changed(_slot_of(named), before, lexicon),) if _is_elliptic(named) else (named,)


def _left_out(rest: str, text: str, before: str, lexicon: Lexicon) -> tuple[str, ...]:
    """A question without a subject takes the one before; with a name of its own it takes nothing."""
    about = subject(before, lexicon)
    own = topics(rest, lexicon)
    if about is None or any(topic.named for topic in own):
        return (rest,)
    if (this := _THIS.match(rest)) and own and own[0].start == this.end():
        rest = rest[this.end() :]  # 这个穹顶多重 says which by what came before
        own = topics(rest, lexicon)
    stem = TRAIL.sub("", before)
    if (found := _HAS_PLACE.search(rest)) and found.start() == 0 and (RANK.search(stem) or re.search("排名|排行|第几|前[一二三四五六七八九十]", stem)):  # fmt: skip
        short = re.fullmatch(r"(第[^\W是]+?名?)(?:又)?(?:是谁|是哪[家个]|呢|是)?[?？]?", rest)
        return (ranked(short[1], stem, lexicon) if short else f"{_before_rank(stem, lexicon)}{rest}",)
    plain = folded(rest)
    asked = without_asking(plain).strip()
    if kind_of(plain) in ("profile", "definition") and own and len(asked) > 1 and not attribute(own[-1].text):
        return (rest,)
    if _is_slot(rest) and not own:
        return (changed(_slot_of(rest), before, lexicon),)
    if own and _WHO_MAKES.match(plain):
        return (rest,)
    joined = _join(about.text, rest, lexicon)
    if own and _COMPLETE.match(plain):
        return (rest, joined)
    leaning = own and (_LEANS.match(rest) or (own[0].start == 0 and attribute(own[0].text)))
    return (joined, rest) if own and not leaning else (joined,)


def _join(about: str, rest: str, lexicon: Lexicon) -> str:
    if about[-1:].isascii() and rest[:1].isascii():
        return f"{about} {rest}"
    first = topics(rest, lexicon)
    words = lexicon.words(folded(rest))
    noun = (first and first[0].start == 0) or (words and words[0][1] == 0 and attribute(words[0][0]))
    return f"{about}的{rest}" if noun else f"{about}{rest}"


def _before_rank(stem: str, lexicon: Lexicon) -> str:
    """The question before up to the place in an order that it asks about."""
    made = ranked("第一", stem, lexicon)
    found = re.search(r"(?:谁)?(?:排名?|位列|位居)?第一", made)
    return made[: found.start()].rstrip("的是，, ") + "的" if found else frame(stem, lexicon)


def _pronouns(text: str, before: str, answer: str, lexicon: Lexicon) -> str | None:
    """The text with its pronoun said by name: the one name that answered, else the subject; None without either."""
    found = pointing.SINGULAR.search(text) or pointing.SINGULAR_OF.search(text) or pointing.PLURAL.search(text)
    if not found:
        return None
    meant = pointing.answered(before, answer, lexicon) or subject_of(before, lexicon)
    if not meant:
        return None
    rest = text[found.end() :]
    if found.group().isascii():
        own = "'s" if pointing.SINGULAR_OF.fullmatch(found.group()) else ""
        return f"{text[: found.start()]}{meant}{own}{rest}"
    if found.group() == "其" and not rest.startswith("的"):
        rest = "的" + rest
    made = _LEAD.sub("", text[: found.start()]) + meant + rest
    return changed(_slot_of(made), before, lexicon) if _is_elliptic(made) and "的" not in made else made


def _more(before: str, answer: str, lexicon: Lexicon) -> str:
    """还有吗 → the question before, without what was answered."""
    names = pointing.names_in(answer, lexicon)
    return f"除了{pointing.spoken(names)}，{TRAIL.sub('', before)}" if names else before


def _is_elliptic(text: str) -> bool:
    """Whether a follow-up names only what it changes."""
    if _ELLIPTIC_START.match(text):
        return _is_slot(text)
    found = _ELLIPTIC.search(text)
    return bool(found) and _is_slot(text[: found.start()] if found else text)


def _is_slot(text: str) -> bool:
    """Whether words ask nothing themselves and are few."""
    slot = _slot_of(text)
    plain = folded(slot)
    asks = without_asking(plain) != plain or re.search(r"\b(?:is|are|does|do|did)\b", plain)
    return bool(slot) and len(slot) <= (_SLOT if not slot.isascii() else 2 * _SLOT) and not asks


def _slot_of(text: str) -> str:
    slot = _LEAD.sub("", _ELLIPTIC.sub("", TRAIL.sub("", text)))
    words = slot.split()
    while slot.isascii() and len(words) > 1 and words[0].lower() in ENGLISH:
        words = words[1:]
        slot = " ".join(words)
    return slot.strip("，, 的")
