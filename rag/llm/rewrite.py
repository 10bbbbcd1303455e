"""A follow-up put into words that stand alone by the language model, where the rules are unsure of theirs.

What it writes is one more reading of the question: it is searched together with the words typed, and weighed against
the readings of the rules (:mod:`rag.retrieve.followup`). A reply that is no rewriting is thrown away
(:mod:`rag.llm.rewrite_checks`), and so is a model that fails or is late: then the rules' reading stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.errors import LanguageModelError
from rag.llm.model import LanguageModel, Message
from rag.llm.prompts import rewrite_prompt
from rag.llm.rewrite_checks import GROWTH, keeps_to, points_back
from rag.retrieve.chat import chat_kind
from rag.retrieve.subject import ENGLISH, topics
from rag.retrieve.turns import Turn, turns
from rag.settings import Settings
from rag.text.normalize import folded
from rag.text.wording import Script, script_of
from rag.text.words import Lexicon
from rag.types import Usage

SECONDS = 5.0  # that a rewriting is waited for, at the most: the search has not begun yet
_TURNS = 4  # turns before the question that the model is shown
_HEARD = 600  # characters of each question and answer of them
_LONG = 200  # characters of a question that says itself what it is about
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_PREFIX = re.compile(
    r"^\s*(?:(?:改写|改寫|重写|重寫|独立|獨立|完整|最终|最終|最后|最後)[^:：\n]{0,8}|问题|問題|查询|查詢|答|"
    r"(?:the )?(?:rewritten|standalone|stand-alone|final|last)(?: [a-z]+){0,2}|question|query)\s*(?:是|is)?\s*[:：]\s*",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|[-*•]\s+|>\s*|\d{1,2}[.、)]\s+)|\*\*|__|`")
_QUOTES = "\"'“”‘’「」『』《》"
_PAIRS = {"“": "”", '"': '"', "'": "'", "‘": "’", "「": "」", "『": "』"}


class Rewriting:
    """The rewriting of one conversation's last question; called, it asks the model, once.

    ``usage`` are the tokens that it took, once it has been called, where the server counts.
    """

    def __init__(
        self, messages: Sequence[Mapping[str, str]], model: LanguageModel, lexicon: Lexicon, settings: Settings
    ) -> None:
        *earlier, last = turns(messages) or [Turn("")]
        self._earlier = [turn for turn in earlier if chat_kind(turn.question) is None]
        self._asked = last.question
        self._messages = messages
        self._model = model
        self._lexicon = lexicon
        self._seconds = min(SECONDS, settings.llm_first_seconds)
        self.usage: Usage | None = None

    def __call__(self) -> str | None:
        """The question standing alone; None where the model gives none that keeps to what was asked."""
        if not self._earlier or not self._asked or self._model.state != "closed":
            return None  # the one call that tries a model after a pause is an answer's, which may take its time
        script = self._script()
        shown = [(turn.question[:_HEARD], turn.answer[:_HEARD]) for turn in self._earlier[-_TURNS:]]
        try:
            reply = self._written(rewrite_prompt(shown, self._asked, script))
        except LanguageModelError:
            return None
        text = one_line(reply)
        if not text or script_of(text) != script:
            return None
        return text if keeps_to(text, self._messages, self._lexicon) else None

    def _written(self, prompt: Sequence[Message]) -> str:
        """The model's reply; "" where it is cut short, or so long that it is no question."""
        longest = 20 * (len(self._asked) + GROWTH)  # some think aloud first
        text = ""
        with self._model.write(prompt, seconds=self._seconds) as writing:
            for piece in writing:
                text += piece
                if len(text) > longest:
                    return ""
            self.usage = writing.usage
            return "" if writing.cut else text

    def _script(self) -> Script:
        """What the question is written in; where it is too short to tell (它呢, Norvik?), what the user writes."""
        own = script_of(self._asked)
        spoken = re.findall(r"[a-z]+", folded(self._asked))
        if own == "zh-Hant" or (own == "en" and ENGLISH.intersection(spoken)):
            return own
        whole = script_of("".join([*(turn.question for turn in self._earlier), self._asked]))
        return own if own != "en" and whole == "en" else whole


def rewritten(
    messages: Sequence[Mapping[str, str]], model: LanguageModel, lexicon: Lexicon, settings: Settings
) -> str | None:
    """The last question of a conversation as the model says it standing alone; None where it gives nothing of use.

    Args:
        messages: ``{"role", "content"}``, newest last.
        settings: a rewriting is waited for as long as ``llm_first_seconds`` says, and :data:`SECONDS` at the most.
    """
    return Rewriting(messages, model, lexicon, settings)()


def leans(messages: Sequence[Mapping[str, str]], readings: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a conversation's last question may mean something that only the turns before it say: the rules read it as
    something else, it holds words that point back, or it names nothing.

    Args:
        readings: what the rules take it for.
    """
    *earlier, last = turns(messages) or [Turn("")]
    if len(last.question) > _LONG or all(chat_kind(turn.question) is not None for turn in earlier):
        return False
    if points_back(last.question) or any(reading not in last.question for reading in readings):
        return True
    return not any(topic.named for topic in topics(last.question, lexicon))


def rewriting(
    messages: Sequence[Mapping[str, str]],
    readings: Sequence[str],
    model: LanguageModel | None,
    lexicon: Lexicon,
    settings: Settings,
) -> Rewriting | None:
    """What :meth:`rag.asking.Asking.considered` calls where the ``readings`` leave it unsure; None where there is nothing to
    rewrite, nobody to do it, or ``llm_rewrite`` is off."""
    if model is None or not settings.llm_rewrite or not leans(messages, readings, lexicon):
        return None
    return Rewriting(messages, model, lexicon, settings)


def one_line(reply: str) -> str:
    """A reply without what models put around it: thoughts, a heading, marks, quotes. "" where it is not one line.

    >>> one_line('<think>它是松岭机械</think>\\n**改写后的问题：**“松岭机械的客户有哪些？”')
    '松岭机械的客户有哪些？'
    """
    text = _FENCE.sub("", _THOUGHT.sub("", reply))
    if re.search(r"</?think", text, re.IGNORECASE):
        return ""  # a thought that was cut off
    lines = [line for line in (_bare(line) for line in text.splitlines()) if line]
    return lines[0] if len(lines) == 1 else ""


def _bare(line: str) -> str:
    line = _PREFIX.sub("", _MARKUP.sub("", line)).strip()
    while len(line) > 1 and _PAIRS.get(line[0]) == line[-1] and not set(line[1:-1]) & set(_QUOTES):
        line = line[1:-1].strip()
    return line
