"""What a question asks: the kind of answer wanted, and the terms that the evidence must speak of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.errors import QuestionError
from rag.retrieve.weights import GLUE, RELATIONS, weight
from rag.text.match import synonyms
from rag.text.normalize import folded
from rag.text.words import Lexicon

Kind = Literal["list", "number", "date", "definition", "reason", "compare", "profile", "name", "open"]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the question. ``weight`` is in (0, 1]: how much the evidence must speak of it. ``known`` says whether
    the material holds it at all; ``others`` are its synonyms, aliases and other spellings;
    ``name`` says whether it names one particular thing, a time or a figure."""

    text: str
    weight: float
    known: bool
    others: frozenset[str] = frozenset()
    name: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read. ``search`` are its search terms; ``terms`` what evidence is held against; ``unit`` the
    measure word that a number question names (家, 个, 倍), or ""."""

    text: str
    folded: str
    kind: Kind
    search: tuple[str, ...]
    terms: tuple[Term, ...]
    unit: str = ""
    english: bool = False

    @property
    def unknown(self) -> tuple[str, ...]:
        """Heavy terms that no passage holds."""
        return tuple(term.text for term in self.terms if not term.known and term.weight >= HEAVY)

    @property
    def blind(self) -> bool:
        """Whether no term of it can stand in the material (an English question about Chinese text): only meaning can
        match it."""
        return self.english and not any(term.weight >= HEAVY for term in self.terms)


# What marks each kind, tried in this order. Folded text.
_KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "compare",
        r"区别|有何不同|有什么不同|哪些不同|不同之处|差异|差别|对比|相比|比较一下|哪个更|谁更|\bvs\b|\bdifferences?\b|\bcompare",
    ),
    ("reason", r"为什么|为何|为啥|原因|怎么会|凭什么|何以|\bwhy\b"),
    ("date", r"什么时候|何时|哪一?年|哪个月|几月|几号|哪天|啥时候|\bwhen\b|\bwhat year\b"),
    (
        "number",
        r"多少|百分之几|多大|多高|多长|多快|多重|多久|多远|多深|多宽|多厚|第几|(?<![哪这那前后])几(?=[个家种类年月天台亿万成倍层级路项条位款名座套层])|占比(?=[是为?]|$)|市占率(?=[是为?]|$)|比例(?=[是为?]|$)|份额(?=[是为?]|$)|\bhow (?:many|much|large|big|fast|long)\b|\bwhat (?:share|percentage|number)\b",
    ),
    (
        "profile",
        r"(?:做|干|是做|是干)(?:什么|啥|哪些|什么的)|主营|主要业务|(?:扮演|处于|处在|位于|属于)?.{0,6}(?:什么|哪些|哪个|啥)(?:角色|位置|地位|环节|业务)|^(?:请|请你)?(?:介绍|说说|讲讲|谈谈)(?:一下)?.{1,30}的(?:角色|地位|位置|业务|布局|情况)|都(?:做|干)了?(?:什么|啥|哪些)|what does .{1,40} do\b",
    ),
    (
        "definition",
        r"^(?:请问|请|那|那么)?(?:什么是|何谓|何为|啥是|解释一?下|介绍一?下)|是(?:一?[种个]?)(?:什么|啥)[^,，、]{0,6}[?呢啊呀]*$|怎么回事|是个啥|(?:是|指)的?(?:什么|啥)(?:意思|东西)?[?呢]*$|定义|含义|全称|^what (?:is|are) (?!the (?:main|major|leading|top|share|name))|\bdefine\b|\bwhat does .{1,40} (?:mean|stand for)",
    ),
    ("list", r"谁家?(?:还|也|都)?(?:在|来)?(?:生产|制造|做|造|供应|提供|布局|研发|搞|出|卖)"),
    (
        "name",
        r"(?<![些几])哪一?[个家]|谁是|是谁|(?:排名?|位列|位居|全球|国内)?第一(?:名)?的?是|哪(?:一)?家(?:公司|企业|厂商)?(?:排|位|是|市|的)|叫什么|\bwho is\b|\bwhich (?:company|vendor|firm) (?:is|ranks?|ranked)\b",
    ),
    (
        "list",
        r"哪些|哪几|有那些|有那几|那几[家个种款]$|哪[一二三四五六七八九十两\d]+[个大类种家层]|有谁|都有谁|谁|有什么|有啥|什么(?:公司|企业|厂商|品牌|产品|类型|种类)|哪里|哪种|哪类|包括什么|包含什么|分(?:为|成)(?:什么|啥)|名单|列举|列出|列一下|盘点|都有啥|\bwho\b|\bwhich\b|\bwhat (?:companies|vendors|firms|products|types|kinds)\b|\blist\b|\bname\b",
    ),
)
HEAVY = 0.3  # a term of this weight names something; lighter ones qualify
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)

# The asking part of a question: it is not what the evidence must speak of.
_ASKING = re.compile(
    r"请问|请告诉我|告诉我|我想知道|想知道|我想了解|了解一下|帮我(?:查|找|看)?(?:一下|下)?|麻烦|你知道|介绍一?下|解释一?下|说说|讲讲|列举一?下?|列出|列一下|盘点一?下?|"
    r"什么是|何谓|何为|是什么意思|什么意思|是指什么|指的是什么|指什么|是什么|是啥|什么时候|什么样|什么|啥时候|啥|何时|哪一?年|哪个月|哪些|哪[几一二三四五六七八九十两\d]+大?[家个种类款层]|哪一?[家个种类款]|哪里|哪儿|谁家|谁|"
    r"多少[家个种类年月天台亿万成倍层级路项条位款名座套人]?|多大|多高|多长|多快|多重|多久|多远|多深|多宽|多厚|第几|几[个家种类年月天台亿万成倍层级路项条位款名座套]|为什么|为何|为啥|怎么样|怎样|怎么|如何|"
    r"有何(?:不同|区别|差异)|有(?:什么|啥|哪些)(?:不同|区别|差异|差别)|的?(?:区别|不同之处|差异|差别)|对比一?下?|比较一?下?|相比(?:较|之下)?|能不能|可不可以|是不是|有没有|是否|吗|呢|吧|啊|呀|嘛|一下|"
    r"\b(?:what|which|who|whom|whose|when|where|why|how|many|much|is|are|was|were|do|does|did|the|a|an|of|in|on|for|to|and|or|by|with|from|please|tell|me|about|list|name|can|you|that|this|it|its|their|there|have|has)\b"
)
_NUMBER_UNIT = re.compile(
    r"(?:多少|(?<![哪这那前后好])几)(个|家|种|类|年|个月|月|天|台|亿|万|成|倍|层|级|路|项|条|位|款|名|座|套|人|%|元|美元|吨|公里|千米|米|平方米|亩|公顷|度|次|片|辆|艘|架|件|本|部|"
    r"场|届|岁|小时|分钟|秒|千克|公斤|克|升|瓦|千瓦|毫米|厘米|字|所|间|只|支|张|户|票|分|章|节|页|起|例|股|[a-z]{1,4}\b)"
)
_FIGURE = re.compile(r"\d")
_LATIN_QUESTION = re.compile(r"[a-z]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDY = re.compile(r"\w")


def check_question(text: str, max_chars: int) -> str:
    """The question without surrounding space.

    Raises:
        QuestionError: it is empty, longer than ``max_chars`` code points, or has no letter, digit or Han character.
    """
    text = text.strip()
    if not text:
        raise QuestionError(
            "The question is empty. Write a question.", "问题是空的，请写一个问题。", code="question_empty"
        )
    if len(text) > max_chars:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {max_chars:,} are taken. Shorten it.",
            f"问题有 {len(text):,} 个字，最多 {max_chars:,} 个。请缩短。",
            code="question_too_long",
        )
    if not any(_WORDY.match(char) for char in text.replace("_", "")):
        raise QuestionError(
            "The question has no words, only punctuation. Write a question in words.",
            "问题里只有标点，没有文字。请用文字提问。",
            code="question_wordless",
        )
    return text


def read(text: str, lexicon: Lexicon, idf: Callable[[str], float], frequency: Callable[[str], int]) -> Query:
    """Read a question.

    Args:
        idf: the weight of a search term by how few passages hold it; frequency: how many do.
    """
    plain = folded(text)
    kind: Kind = next((kind for kind, pattern in _COMPILED if pattern.search(plain)), "open")
    unit = _unit(plain)
    english = not _HAN.search(plain) and bool(_LATIN_QUESTION.search(plain))
    asked = _ASKING.sub(lambda m: " " * len(m.group()), plain)
    ceiling = idf("\x00") or 1.0  # the weight of a term that no passage holds
    terms: dict[str, Term] = {}
    for word in _merged(lexicon.words(asked), frequency):
        if word not in terms:
            rarest = _rarest(word, frequency)
            known = frequency(rarest) > 0
            names = lexicon.is_name(word) or bool(_FIGURE.search(word))
            heft = weight(
                word, lexicon, idf(rarest) / ceiling, known, english=english, proper=lambda w: _proper(w, text)
            )
            terms[word] = Term(word, heft, known, synonyms(word) | lexicon.aliases(word), names)
    return Query(text, plain, kind, tuple(lexicon.terms(asked)), tuple(terms.values()), unit, english)


def _unit(plain: str) -> str:
    """The measure that a number question names: ``第`` for a rank, ``元`` for money, ``%`` for a share, else the measure
    word; "" where it names none."""
    if re.search(r"第几|排名?(?:第)?几", plain):
        return "第"
    if re.search(r"多少钱|价格|售价|单价|股价|报价", plain):
        return "元"
    if re.search(r"百分之几|百分之多少|占比|市占率|占有率|比例", plain):
        return "%"
    found = _NUMBER_UNIT.search(plain)
    return found.group(1) if found else ""


def _rarest(word: str, frequency: Callable[[str], int]) -> str:
    """The search term that says how common a word is: itself, or where the material segments it otherwise, its rarest
    pair of characters."""
    if frequency(word) or len(word) < 2 or not _HAN.match(word):
        return word
    return min(("#" + word[i : i + 2] for i in range(len(word) - 1)), key=frequency)


def _proper(word: str, text: str) -> bool:
    """Whether a Latin word of an English question is written as a name: in capitals, or capitalised inside it."""
    found = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    return found is not None and (found.group().isupper() or (found.start() > 0 and found.group()[0].isupper()))


def _merged(words: list[tuple[str, int, int]], frequency: Callable[[str], int]) -> list[str]:
    """Words in order, neighbouring single Han characters joined: the dictionary does not know what they spell. They are
    not joined where the material holds the one and no passage ever joins it to the other."""
    merged: list[str] = []
    open_at = -1  # where a run of single characters may go on
    for word, start, end in words:
        single = len(word) == 1 and bool(_HAN.match(word)) and word not in GLUE and word not in RELATIONS
        if single and start == open_at and (len(merged[-1]) == 1 or frequency(f"#{merged[-1][-1]}{word}")):
            merged[-1] += word
        else:
            merged.append(word)
        open_at = end if single else -1
    return merged
