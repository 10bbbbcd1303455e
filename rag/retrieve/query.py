"""What a question asks: the kind of answer wanted, and the terms that the evidence must speak of."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.errors import QuestionError
from rag.retrieve.english import Meaning, meanings
from rag.retrieve.glue import ENDINGS, GLUE, RELATIONS
from rag.retrieve.kinds import Kind, excepted, kind_of, unit_of, wanted_of, without_asking
from rag.retrieve.weights import FAINT, weight
from rag.text.boundaries import GENERIC
from rag.text.match import synonyms
from rag.text.normalize import folded
from rag.text.words import Lexicon


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

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the term, or what stands for it, is in a folded text."""
        return [found.span() for word in (self.text, *self.others) for found in re.finditer(re.escape(word), text)]


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read. ``search`` are its search terms; ``terms`` what evidence is held against; ``unit`` the
    measure word that a number question names (家, 个, 倍); ``wanted`` the noun that a list question asks for (哪些**民族**);
    ``excepted`` what it leaves out (除了**甲乙**还有谁), folded; each "" where there is none."""

    text: str
    folded: str
    kind: Kind
    search: tuple[str, ...]
    terms: tuple[Term, ...]
    unit: str = ""
    english: bool = False
    wanted: str = ""
    excepted: str = ""

    @property
    def heavy(self) -> tuple[Term, ...]:
        """The terms that evidence has to speak of: those of weight, and the heaviest word however common it is."""
        words = [term for term in self.terms if not _BARE_FIGURE.fullmatch(term.text)]
        head = max(words, key=lambda term: term.weight, default=None)
        return tuple(t for t in self.terms if t.weight >= HEAVY or (t is head and t.weight >= RELATES))

    @property
    def blind(self) -> bool:
        """Whether no term of it can stand in the material (an English question about Chinese text): only meaning can
        match it."""
        return self.english and not any(term.weight >= HEAVY for term in self.terms)


HEAVY = 0.3  # a term of this weight names something; lighter ones qualify
LIGHT = 0.15  # a term of no more weight names nothing
_MARK = re.compile(r"^\s*(?:\[\d{1,3}\]|\d{1,3}[.、)](?!\d)|\(\d{1,3}\)|[q问题]\d{0,3}[:：.])\s*")
RELATES = 0.085  # a term of less weight only relates: who makes, takes part in
_BARE_FIGURE = re.compile(r"\d+(?:[.\-/]\d+)*")
_FIGURE = re.compile(r"\d")
# One of several that are otherwise called alike: what is said of the first phase is not said of the second.
_PHASE = re.compile(r"(?:第?[一二三四五六七八九十]|首)(?:期|季度|阶段|代|轮|批|届)|[上下]半年")
# What only says again what the next word says: texts write 市场格局, 竞争格局 or 格局 for one thing.
_PLAINER = re.compile(r"(?:市场竞争|行业竞争|竞争|市场|行业|产业)(?=格局)")
_UNSAID, _VAGUE = 0.4, 0.2
_POSSESSIVE = re.compile(r"['’]s\b")
_GLOSSED = re.compile(r"\b([a-z][a-z0-9\-]*)(\s*\([\u3400-\u9fff]{2,12}\))")
_JOINED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_ASKS = re.compile(r"\b(?:what|which|who|whose|when|where|why|how)\b")
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
            "The question is empty. Write a question.",
            "问题是空的，请写一个问题。",
            code="question_empty",
            param="question",
        )
    if len(text) > max_chars:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {max_chars:,} are taken. Shorten it.",
            f"问题有 {len(text):,} 个字，最多 {max_chars:,} 个。请缩短。",
            code="question_too_long",
            param="question",
        )
    if not any(_WORDY.match(char) for char in text.replace("_", "")):
        raise QuestionError(
            "The question has no words, only punctuation. Write a question in words.",
            "问题里只有标点，没有文字。请用文字提问。",
            code="question_wordless",
            param="question",
        )
    return text


def read(
    text: str,
    lexicon: Lexicon,
    idf: Callable[[str], float],
    frequency: Callable[[str], int],
    spoken: Callable[[str], Collection[str]] | None = None,
) -> Query:
    """Read a question.

    Args:
        idf: the weight of a search term by how few passages hold it; frequency: how many do.
        spoken: the words of the material that a Latin name spells in pinyin, for a question in English.
    """
    plain = _unmarked(folded(text))
    english = is_english(plain)
    left_out = excepted(plain)
    asked = without_asking(plain.replace(left_out, " " * len(left_out), 1) if left_out else plain)
    asked = _apart(asked, frequency) if english else _PLAINER.sub(lambda found: " " * len(found.group()), asked)
    asked = lexicon.in_one_word(asked)
    ceiling = idf("\x00") or 1.0  # the weight of a term that no passage holds
    terms: dict[str, Term] = {}
    words = _merged(lexicon.words(asked), frequency, lexicon)
    named = (lambda word: spoken(word) if _proper(word, text) else ()) if spoken else None
    # In a Chinese question, an English word that the material does not hold was put in for a Chinese one (cover 了哪些).
    latin = [w for w in words if _LATIN_QUESTION.fullmatch(w) and (english or (w in text and not frequency(w)))]
    across = meanings(latin, frequency, named) if latin else {}
    for word in words:
        if word not in terms:
            meaning = across.get(word)
            rarest = meaning.term if meaning else _rarest(word, frequency)
            if not frequency(rarest) and (aliases := lexicon.aliases(word)):  # as common as what the material calls it
                rarest = max((_rarest(alias, frequency) for alias in sorted(aliases)), key=frequency)
            known = frequency(rarest) > 0
            verbal = _verbal(word, lexicon) and not _begins_name(word, asked)
            names = bool(_FIGURE.search(word) or _PHASE.fullmatch(word)) or (lexicon.is_name(word) and not verbal)
            heft = weight(
                word,
                lexicon,
                idf(rarest) / ceiling,
                known,
                english=english,
                verbal=verbal,
                proper=lambda w: _proper(w, text),
            )
            if meaning and meaning.general and heft == FAINT and word not in GLUE:
                heft = _UNSAID
            elif meaning and meaning.meant and not frequency(word) and word not in RELATIONS:
                heft = min(heft, _weight_of(meaning.meant, lexicon, idf(rarest) / ceiling))
            if meaning and meaning.vague:
                heft = min(heft, _VAGUE)  # one character says little
            if _PHASE.fullmatch(word):
                heft = max(heft, HEAVY)
            others = synonyms(word) | lexicon.aliases(word) | (meaning.others if meaning else frozenset())
            terms[word] = Term(word, heft, known, others, names and not (meaning and meaning.others))
    return Query(
        text,
        plain,
        kind_of(plain),
        _searched(asked, words, across, lexicon),
        _levelled(terms.values()),
        unit_of(plain),
        english,
        _first_noun(wanted_of(plain), lexicon),
        left_out,
    )


def _searched(asked: str, words: Sequence[str], across: Mapping[str, Meaning], lexicon: Lexicon) -> tuple[str, ...]:
    """The search terms: those of the question, of the other names of what it names, and of what its English words mean."""
    others = [other for word in dict.fromkeys(words) for other in sorted(lexicon.aliases(word))]
    others += [other for meaning in across.values() for other in sorted(meaning.others)]
    return (*lexicon.terms(asked), *(term for other in others for term in lexicon.terms(other)))


def _apart(asked: str, frequency: Callable[[str], int]) -> str:
    """An English question with its joined words taken apart where the material does not join them (top-16), and a name
    that the material does not hold left out where its Chinese one stands in brackets behind it."""
    asked = _POSSESSIVE.sub(lambda found: " " * len(found.group()), asked)
    asked = _GLOSSED.sub(lambda found: found.group() if frequency(found[1]) else " " * len(found[1]) + found[2], asked)
    return _JOINED.sub(
        lambda found: found.group() if frequency(found.group()) else found.group().replace("-", " "), asked
    )


def is_english(plain: str) -> bool:
    """Whether a folded question is asked in English, whatever Chinese names stand in it."""
    words = _LATIN_QUESTION.findall(plain)
    return bool(words) and (
        not _HAN.search(plain) or (len(words) > len(_HAN.findall(plain)) and bool(_ASKS.search(plain)))
    )


def _weight_of(word: str, lexicon: Lexicon, idf_share: float) -> float:
    """The weight of what an English word means."""
    return weight(word, lexicon, idf_share, True, english=False, verbal=False, proper=lambda _: False)


def _unmarked(plain: str) -> str:
    """A question without the number that it had in a list, blanked so that places stay."""
    return _MARK.sub(lambda found: " " * len(found.group()), plain)


def _levelled(terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms with no figure outweighing the heaviest word: a year narrows down what is asked, it is not asked for."""
    terms = tuple(terms)
    heaviest = max((term.weight for term in terms if not _FIGURE.search(term.text)), default=0.0)
    if heaviest < RELATES:
        return terms
    return tuple(
        replace(t, weight=min(t.weight, max(heaviest, HEAVY))) if _BARE_FIGURE.fullmatch(t.text) else t for t in terms
    )


def _first_noun(text: str, lexicon: Lexicon) -> str:
    """The noun that a run of words begins with, as far as nouns go: 核心技术 of 核心技术上有突破."""
    noun = ""
    for word, start, end in lexicon.words(text):
        if start != len(noun) or word in GLUE or lexicon.word_class(word) in ("v", "p", "c", "u", "d", "r", "f"):
            break
        noun = text[:end]
    return noun


def _verbal(word: str, lexicon: Lexicon) -> bool:
    """Whether a word that the dictionary does not know is put together of a verb and what goes with it (塞进, 代劳)."""
    return len(word) == 2 and not lexicon.knows(word) and lexicon.word_class(word[0]) in ("v", "p", "d")


def _begins_name(word: str, asked: str) -> bool:
    """Whether a word stands right before what the names of organisations end in (松岩 + 机械)."""
    at = asked.find(word)
    return at >= 0 and asked.startswith(ENDINGS, at + len(word))


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


def _merged(words: Sequence[tuple[str, int, int]], frequency: Callable[[str], int], lexicon: Lexicon) -> list[str]:
    """Words in order, neighbouring single Han characters joined: the dictionary does not know what they spell. They are
    not joined where the material holds the one and no passage ever joins it to the other."""
    merged: list[str] = []
    open_at = -1  # where a run of single characters may go on
    reached = -1
    for word, start, end in words:
        single = len(word) == 1 and bool(_HAN.match(word)) and word not in GLUE and word not in RELATIONS
        modified = merged and start == reached and lexicon.word_class(merged[-1]) in ("d", "a") and len(merged[-1]) > 1
        plain = len(word) > 1 and word not in GLUE and word not in RELATIONS and word not in GENERIC
        if modified and plain and lexicon.word_class(word) != "v" and frequency(f"#{merged[-1][-1]}{word[0]}"):
            merged[-1] += word  # 快速 + 接头: what the material has before this word is part of it
        elif single and start == open_at and (len(merged[-1]) == 1 or frequency(f"#{merged[-1][-1]}{word}")):
            merged[-1] += word
        else:
            merged.append(word)
        open_at, reached = (end if single else -1), end
    return merged
