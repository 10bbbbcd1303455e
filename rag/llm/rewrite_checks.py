"""Whether a rewriting of a follow-up still asks what was asked, in words that the conversation holds.

A model may answer instead of asking, follow an order that stands in the conversation, bring in what it knows, or ask for
something else. Nothing of that is looked for by name: a rewriting has to ask, to keep the words that were typed but for
those that point back, and to bring in no word that neither side has said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.retrieve import pointing
from rag.retrieve.chat import chat_kind
from rag.retrieve.followup import readings
from rag.retrieve.glue import ENDINGS, GLUE, MAKING, RELATIONS
from rag.retrieve.kinds import kind_of, unit_of, without_asking
from rag.retrieve.subject import ENGLISH, SIDE
from rag.retrieve.turns import Turn, turns
from rag.text.inflect import forms
from rag.text.match import coverage
from rag.text.normalize import folded
from rag.text.words import Lexicon

GROWTH = 200  # characters that what was left out may add to a question
_REPEAT = 6  # characters of an answer that are no chance
_BACK = re.compile(
    r"(?:刚才|刚刚|方才|上面|前面|之前|上文|前文|上述|前述)(?:你|您|我|我们)?(?:所?(?:说|提|讲|问|列|答)(?:到|起|及|过|出)*)?的?|(?:你|您)(?:刚才)?(?:说|提|讲)(?:到|过|的)+|"
    r"\b(?:the (?:above|former|latter|same|previous)(?: one)?|you (?:just )?(?:mentioned|said|listed)|mentioned (?:above|earlier|before))\b"
)
_AMONG = re.compile(
    r"其中|这其中|这?里[面头]的?|当中|那里|那儿|那时候?|当时|同年|\b(?:among them|of them|there|then)\b"
)
_POINTERS = (
    _BACK,
    pointing.SINGULAR,
    pointing.SINGULAR_OF,
    pointing.PLURAL,
    pointing.PAIR,
    pointing.FIRST_OF,
    pointing.ORDINAL,
    _AMONG,
    re.compile(
        r"[这那该此](?:一?[个家款种项类座位所条部本支])(?:[厂店校院馆站楼桥城镇县]子?|地方|东西)?|[该此](?=[\u3400-\u9fff])|\b(?:this|that one)\b"
    ),
)
_ASIDE = re.compile(
    r"^(?:(?:那么?(?![些个里边时家])|还有|另外|换成|换做|如果是?|要是|换个(?:话题|问题)|顺便(?:问一?下)?|再问一?下|请问|不对|不是的?|错了|不|(?:and|so|then|no|what about|how about)\b)[,，。!！\s]*)+"
    r"|我(?:想|要)?(?:问|说|指)的?(?:其实)?是[,，:：\s]*|\bi mean(?:t)?\b"
)
# A whole follow-up that asks nothing of its own.
_BARE = re.compile(
    r"(?:你|您)?(?:是|真的|确定|对|没错|还有|还有没有|还有别的|还有其他的?)(?:吗|吧|呢|么)?|还有(?:谁|哪些|什么)|"
    r"(?:具体|详细)?(?:说说|讲讲|介绍一下|展开(?:说说|讲讲))|(?:anyone|anything|what|who) else|really|are you sure|any more"
)
_NOT_BUT = re.compile(r"^不是[^,]{1,16},\s*(?=(?:而)?是)")
_MILD = re.compile(r"[呢吧啊呀嘛]")
_HOW = re.compile(r"(?:怎么样|如何|咋样)[?。!\s]*$")  # 乙怎么样 asks of 乙 what was asked before
_ASKS_ENGLISH = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|tell me|list|name|describe|explain)\b|"
    r"^\s*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had)\b"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIGURE = re.compile(r"\d+(?:[.,:/\-]\d+)*%?")
_PLACE = re.compile(r"(第.+)[名位]$")
_ENDS = re.compile(r"[。!?;\n]+|\.(?:\s+|$)")
_MORE = re.compile(r"除|还有|其[他它余]|别的|另|\b(?:else|others?|besides|except|more|apart)\b")
_ASKED_FOR = re.compile(r"谁|哪|什么|啥")
_EXCEPT = re.compile(r"除(?!湿|尘|草|法|夕|霜|臭|锈)|以外|之外|\b(?:except|excluding|besides|other than|apart from)\b")
_NEGATIONS = frozenset(
    "不 没 没有 未 无 非 别 勿 不是 不能 不会 不可 不要 不得 不宜 不应 不用 不需 不需要 不再 不在 不曾 并非 并未 从未 尚未 未能 未曾 无法 毫无 not no never without cannot".split()
)
# Of the words that hold questions together, those that change what is asked.
_TELLING = frozenset(
    "最 更 更加 大 小 多 少 高 低 快 慢 新 老 前 后 之前 之后 以前 以后 已经 曾经 近年 最近 一共 全部 所有 整个 仅 仅仅 同时 第 两 "
    "first second third last most more than year years month months day days recent recently before after during since until".split()
) | {word for word in _NEGATIONS if len(word) < 3}
# What may be said in filling in a question that was not said before: it names nothing.
_PLAIN = frozenset(
    "的 了 着 过 在 于 是 为 有 由 被 把 对 向 从 到 和 与 及 以及 或 并 也 都 还 又 中 里 内 之 以 所 地 得 个 家 种 类 款 项 名 位 座 条 一 这 该 那 此 其 等 "
    "公司 企业 厂商 厂家 机构 单位 产品 名称 名字 时间 地点 地址 位置 日期 具体 主要 分别 各 各自 关于 方面 情况 内容 请问 设 设在 设于 位于 坐落 坐落于 坐落在 "
    "叫 叫做 名为 称为 属于 包括 包含 具有 是在 是由 还有 有关 来说 当中 其中 s".split()
)
_ADDED = _PLAIN | (ENGLISH - _TELLING - _NEGATIONS)
_LEFT_OUT = (GLUE - _TELLING) | _ADDED  # what a rewriting may leave out again
_VERBLIKE = ("v", "a", "d", "p", "c", "u", "r", "m", "q", "f")


def points_back(question: str) -> bool:
    """Whether a question holds words that point back into a conversation (它, 第二家, 刚才说的)."""
    plain = folded(question)
    return any(pattern.search(plain) for pattern in _POINTERS)


def keeps_to(text: str, messages: Sequence[Mapping[str, str]], lexicon: Lexicon) -> bool:
    """Whether ``text`` may stand for the last question of a conversation.

    Args:
        messages: ``{"role", "content"}``, newest last.
    """
    *earlier, last = turns(messages) or [Turn("")]
    plain, asked = folded(text), folded(last.question)
    said = "\n".join(folded(part) for turn in (*earlier, last) for part in (turn.question, turn.answer) if part)
    return (
        bool(_squeezed(plain))
        and _squeezed(plain) != _squeezed(asked)
        and len(text) <= len(last.question) + min(GROWTH, len(said))
        and chat_kind(text) is None
        and not _still_points(plain)
        and _asks_on(plain, asked)
        and not any(_repeats(plain, folded(turn.answer)) for turn in earlier)
        and _asks_alike(plain, asked, messages, earlier, lexicon)
        and _keeps(plain, asked, said, lexicon)
        and _brings_nothing(plain, asked, said, lexicon)
    )


def _still_points(plain: str) -> bool:
    return any(pattern.search(plain) for pattern in (_BACK, pointing.SINGULAR, pointing.PLURAL, pointing.PAIR))


def _asks(plain: str, mild: bool = True) -> bool:
    """Whether words ask anything; 呢 alone is ``mild``: it asks what was asked before."""
    if not _HAN.search(plain):
        return bool(_ASKS_ENGLISH.search(plain)) or (mild and "?" in plain)
    if mild and ("?" in plain or _MILD.search(plain)):
        return True
    rest = _MILD.sub("", plain)
    return without_asking(rest) != rest


def _asks_on(plain: str, asked: str) -> bool:
    """Whether every sentence asks where the user asked; where he only named something, words to search for will do."""
    if not _asks(asked):
        return "。" not in plain
    marks = [found.group() for found in _ENDS.finditer(plain)]
    pieces = _ENDS.split(plain)
    return all(
        _asks(piece, mild=False) or (at < len(marks) and "?" in marks[at])
        for at, piece in enumerate(pieces)
        if piece.strip()
    )


def _repeats(plain: str, answer: str) -> bool:
    short = _squeezed(plain)
    return len(short) >= _REPEAT and short in _squeezed(answer)


def _squeezed(plain: str) -> str:
    return re.sub(r"[\W_]+", "", plain)


def _asks_alike(
    plain: str, asked: str, messages: Sequence[Mapping[str, str]], earlier: Sequence[Turn], lexicon: Lexicon
) -> bool:
    """Whether it wants the kind of answer that was asked for; where that was left out, one that the turns before ask for."""
    kind = kind_of(plain)
    own = _own(asked)
    if _asks(_HOW.sub("", own), mild=False):
        unit = unit_of(own)
        return {kind_of(own), kind} <= {"list", "name"} or (kind_of(own) == kind and unit in ("", unit_of(plain)))
    made = [*(folded(reading) for reading in readings(messages, lexicon)), *(folded(t.question) for t in earlier)]
    return kind in {kind_of(question) for question in made}


def _own(asked: str) -> str:
    """What a question says itself: without what only leads into it, and with what points back blanked."""
    if _BARE.fullmatch(asked.strip(" ?。!,")):
        return ""
    own = _NOT_BUT.sub("", asked)
    own = _ASIDE.sub("", own)
    for pattern in _POINTERS:
        own = pattern.sub(lambda found: " " * len(found.group()), own)
    return own


def _keeps(plain: str, asked: str, said: str, lexicon: Lexicon) -> bool:
    """Whether the words of the question itself are still there: names, figures, negations, and what is asked for."""
    own = _own(asked)
    if not set(_FIGURE.findall(own)) <= set(_FIGURE.findall(plain)):
        return False
    if bool(_EXCEPT.search(own)) > bool(_EXCEPT.search(plain)) or (_EXCEPT.search(plain) and not _MORE.search(asked)):
        return False
    denied, denies = _denies(own, lexicon), _denies(plain, lexicon)
    before = said.removesuffix(asked)
    if denied != denies and not (denies and not denied and _denies(before, lexicon) and not _asks(own, mild=False)):
        return False
    words = [word for word, _, _ in lexicon.words(without_asking(own)) if word not in _LEFT_OUT]
    words = [_PLACE.sub(r"\1", word) for word in words]
    if not _same_way_round(own, plain, words, lexicon):
        return False
    return all(_stands(word, plain, lexicon, least=0.8) for word in words if len(word) > 1 or word in _TELLING) and all(
        side.group() in plain or _stands(side.group(), plain, lexicon, least=0.95) for side in SIDE.finditer(own)
    )


def _same_way_round(own: str, plain: str, words: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether what is asked for stays on its side of each verb: 谁供应甲 is not 甲供应谁."""
    one, other = _ASKED_FOR.search(own), _ASKED_FOR.search(plain)
    if not one or not other:
        return True
    verbs = [word for word in words if word in plain and (word in RELATIONS or lexicon.word_class(word) == "v")]
    return all((own.index(verb) < one.start()) == (plain.index(verb) < other.start()) for verb in verbs)


def _denies(plain: str, lexicon: Lexicon) -> bool:
    blanked = re.sub(r"不同|不良反应|不足", "  ", without_asking(plain))
    return any(word in _NEGATIONS or word.endswith("n't") for word, _, _ in lexicon.words(blanked))


def _stands(word: str, text: str, lexicon: Lexicon, *, least: float) -> bool:
    """Whether a text says a word, another form of it, or a general word for it."""
    if word.isascii():
        words = {found for found, _, _ in lexicon.words(text)}
        return bool(({word} | forms(word)) & words) or _made(word, words) or coverage(word, text) >= least
    if word in text or _made(word, text):
        return True
    return bool(any(other in text for other in lexicon.aliases(word)) or coverage(word, text) >= least)


def _made(word: str, text: str | set[str]) -> bool:
    """Whether both speak of making something, in whatever word."""
    return word in MAKING and any(other in text for other in MAKING)


def _brings_nothing(plain: str, asked: str, said: str, lexicon: Lexicon) -> bool:
    """Whether every word that tells something, every name and every figure has been said by one side or the other."""
    figures = set(_FIGURE.findall(plain))
    if not figures <= set(_FIGURE.findall(said)):
        return False
    if any(not _stands(side.group(), said, lexicon, least=0.95) for side in SIDE.finditer(plain)):
        return False
    words = lexicon.words(without_asking(plain))
    for at, (word, start, end) in enumerate(words):
        if word in _ADDED or word in figures or (_EXCEPT.match(plain, start) and _MORE.search(asked)):
            continue
        if not _stands(word, said, lexicon, least=0.95):
            return False
        beside = words[at - 1] if at and words[at - 1][2] == start else None
        after = words[at + 1] if at + 1 < len(words) and words[at + 1][1] == end else None
        if len(word) == 1 and not _seen_beside(word, plain, start, beside, after, said, lexicon):
            return False
        if word in ENDINGS and beside and beside[0] not in _ADDED and plain[start - 1 : end] not in said:
            return False  # an ending that was said, behind a name that was not
    return True


def _seen_beside(
    word: str,
    plain: str,
    start: int,
    before: tuple[str, int, int] | None,
    after: tuple[str, int, int] | None,
    said: str,
    lexicon: Lexicon,
) -> bool:
    """Whether a single character was said as it stands here: alone it says nothing, beside others it spells names."""
    alone = not any(near and len(near[0]) == 1 and near[0] not in _ADDED for near in (before, after))
    if alone and lexicon.word_class(word)[:1] in _VERBLIKE and lexicon.word_class(word):
        return True
    pairs = (plain[start - 1 : start + 1] if before else "", plain[start : start + 2] if after else "")
    return any(pair in said for pair in pairs if len(pair) == 2) or not any(pairs)
