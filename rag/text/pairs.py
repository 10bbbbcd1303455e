"""Names listed without 、: in marks one after the other (《甲》《乙》), or a pair (分为甲和乙两种)."""

from __future__ import annotations

import re

from rag.text.boundaries import Span, first_name, last_names
from rag.text.enumerations import MAKING, Enumeration
from rag.text.words import Lexicon

_PAIR = re.compile(
    r"(?:分为|分成|分|包括了?|包含|有|为|是|由|即|至|到|于|增加|新增|推出|主导|来自|:)(?P<one>[^,。;:、()和与及]{1,16}?)(?P<joint>以及|和|与|及)(?P<other>[^,。;:、()和与及]{1,24})"
)
_PAIR_ENDS = re.compile(
    r"(?:这)?(?:两|二|2)(?:大|个|种|类|家|者|款|项|方面)|等|联合|共同|合作|主导|组成|构成|占据|之间"
)
# A pair that says itself that it is a list: 甲和乙等方面, 甲和乙两家.
_SAID = re.compile(
    r"(?P<one>[^,。;:、()和与及]{1,16})(?P<joint>以及|和|与|及)(?P<other>[^,。;:、()和与及的]{1,16}?)"
    r"(?=等(?:方面|领域|环节|地|国|多|[\u3400-\u9fff]{0,3}(?:厂商|公司|企业))|(?:这)?(?:两|二)(?:大|个|种|类|家|者|款|项|方面))"
)
_QUOTED_RUN = re.compile(
    r"(?:\"[^\"\n]{1,30}\"|《[^》\n]{1,40}》)(?:[、,和与及]?(?:\"[^\"\n]{1,30}\"|《[^》\n]{1,40}》))+"
)
_QUOTED = re.compile(r"\"([^\"\n]{1,30})\"|《([^》\n]{1,40})》")


def joined(text: str, lexicon: Lexicon, *, pairs: bool) -> tuple[Enumeration, ...]:
    """What a folded clause lists without 、: names in marks one after the other (《甲》《乙》), or a pair (分为甲和乙两种).

    A pair is ambiguous (甲和乙 may be one phrase), so it is read only where a question may be answered by one
    (``pairs``).
    """
    runs = tuple(
        Enumeration(
            tuple(m.span(1) if m.group(1) else m.span(2) for m in _QUOTED.finditer(text, *run.span())),
            *run.span(),
            False,
        )
        for run in _QUOTED_RUN.finditer(text)
    )
    if runs:
        return runs
    said = _SAID.search(text)
    if said is not None and last_names(text, text, *said.span("other"), lexicon)[-1:] == [said.span("other")]:
        return _pair(text, said.span("one"), said.span("other"), lexicon)
    found = _PAIR.search(text) if pairs else None
    if found is None:
        return ()
    start, end = found.span("other")
    stop = _PAIR_ENDS.search(text, start, end)
    if stop is not None:
        end = stop.start()
    else:
        last = last_names(text, text, start, end, lexicon)
        end = last[0][1] if last else end
    return _pair(text, found.span("one"), (start, end), lexicon)


def _pair(text: str, one: Span, other: Span, lexicon: Lexicon) -> tuple[Enumeration, ...]:
    first = (first_name(text, text, *one, lexicon) or [one])[-1]
    if other[0] >= other[1] or any(text[s:e] in MAKING for s, e in (first, other)):
        return ()  # 由甲研发和生产 lists no names
    return (Enumeration((first, other), first[0], other[1], False),)
