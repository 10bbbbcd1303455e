"""Where sentences end, in Chinese and in English.

A sentence ends at 。！？!?… and at a newline; an English full stop ends one before white space and a capital.
；does not end a sentence, it parts clauses. Closing quotes and brackets belong to the sentence they close; a bracket
that opens in mid-sentence is never cut. Offsets are code points, half-open.
"""

from __future__ import annotations

from functools import lru_cache

Span = tuple[int, int]

_NEWLINES = frozenset("\n\r\v\f\x85\u2028\u2029")
_FINAL = frozenset("。！？!?…｡．")
_CLOSING = frozenset("”’」』）)】]》〉〕］｝}\"'")
_PAIRS = {"（": "）", "(": ")", "【": "】", "[": "]", "《": "》", "〈": "〉", "〔": "〕", "［": "］"}
_QUOTES = {"“": "”", "「": "」", "『": "』"}
# After “…！” these go on with the sentence rather than begin one: “好！”的呼声, A、B……等厂商
_GOES_ON = frozenset("，、；：,;:的等")
_ABBREVIATIONS = frozenset(
    "no nos mr mrs ms dr prof st vs fig figs eq sec ch vol pp ed eds al cf approx dept inc ltd co corp jr sr "
    "e.g i.e".split()
)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of ``text``, in order, without surrounding white space.

    Nothing but white space lies outside the spans.
    """
    closes = _matches(text, _PAIRS)
    spans: list[Span] = []
    start = at = 0
    while at < len(text):
        character = text[at]
        if at == start and character.isspace():
            start = at = at + 1
        elif character in _NEWLINES:
            _keep(text, start, at, spans)
            start = at = at + 1
        elif at in closes and (at > start or character in "《〈"):
            at = closes[at] + 1  # a bracket in mid-sentence, or a title: whatever ends inside it is no end here
        elif _ends(text, start, at):
            at = _close(text, start, at)
            if at < len(text) and text[at] in _GOES_ON:
                continue
            _keep(text, start, at, spans)
            start = at
        else:
            at += 1
    _keep(text, start, len(text), spans)
    return spans


@lru_cache(maxsize=16_384)  # the same passages are weighed for many questions
def clauses(text: str) -> tuple[Span, ...]:
    """The sentences of ``text``, cut further after ；and ; that stand outside brackets and quotes."""
    closes = _matches(text, _PAIRS | _QUOTES)
    spans: list[Span] = []
    for begin, end in sentences(text):
        start = at = begin
        while at < end:
            if at in closes and closes[at] < end:
                at = closes[at] + 1
            elif text[at] in "；;":
                while at < end and text[at] in "；;":
                    at += 1
                _keep(text, start, at, spans)
                start = at
            else:
                at += 1
        _keep(text, start, end, spans)
    return tuple(spans)


def _matches(text: str, pairs: dict[str, str]) -> dict[int, int]:
    """Opening bracket → its closing bracket, for brackets that close on the same line."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    closing = set(pairs.values())
    for at, character in enumerate(text):
        if character in pairs:
            waiting.append(at)
        elif character in closing and waiting and pairs[text[waiting[-1]]] == character:
            found[waiting.pop()] = at
        elif character in _NEWLINES:
            waiting.clear()
    return found


def _ends(text: str, start: int, at: int) -> bool:
    """True if the character at ``at`` ends the sentence that began at ``start``."""
    character = text[at]
    if character == ".":
        return _full_stop(text, start, at)
    if character not in _FINAL:
        return False
    after = text[at + 1 : at + 2]
    if character in "!?":  # not in a URL, an operator, a name such as a!b
        return not after or not after.isascii() or not (after.isalnum() or after in "=/&")
    return not (character == "．" and (text[at - 1 : at].isalnum() and after.isalnum()))


def _full_stop(text: str, start: int, at: int) -> bool:
    after = at + 1
    while after < len(text) and text[after] in _CLOSING:
        after += 1
    gap = after
    while after < len(text) and text[after].isspace() and text[after] not in _NEWLINES:
        after += 1
    first = text[after : after + 1]
    if after == gap or not first or first.islower() or not (first.isalpha() or first in "“\"'‘(（《【「"):
        return False
    begin = at
    while begin > start and (text[begin - 1].isascii() and (text[begin - 1].isalnum() or text[begin - 1] == ".")):
        begin -= 1
    word = text[begin:at]
    if word.isdigit() and not text[start:begin].strip():  # "1. First"
        return False
    return word.lower() not in _ABBREVIATIONS and not (len(word) == 1 and word.isupper())


def _close(text: str, start: int, at: int) -> int:
    """End of the run of final marks at ``at`` and of the quotes and brackets that close behind it."""
    while at < len(text) and (text[at] in _FINAL or text[at] == "."):
        at += 1
    while at < len(text) and text[at] in _CLOSING:
        if text[at] == '"' and text.count('"', start, at) % 2 == 0:
            break  # a straight quote that opens
        if text[at] == "'" and at + 1 < len(text) and not text[at + 1].isspace():
            break
        at += 1
        while at < len(text) and text[at] in _FINAL:
            at += 1
    return at


def _keep(text: str, start: int, end: int, spans: list[Span]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
