"""A follow-up → a question that stands alone, without a language model.

Thin for now: a question that leans on the one before it (那国内呢, 它的子公司) carries that one's words along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.text.normalize import folded

_LEANS = re.compile(
    r"^(?:那么?|还有|另外|以及)?.{0,14}呢[?？。!！]*$|^(?:那么?|它|他们|它们|其|这家?|该|上述|还有)(?!么多)|(?:它|它们|他们|这家公司|该公司)的?|^(?:and|what about|how about)\b"
)
_OPENING = re.compile(r"^(?:那么?|还有|另外|以及|and|what about|how about)\s*")
_CLOSING = re.compile(r"呢?[?？。!！\s]*$")


def standalone(messages: Sequence[Mapping[str, str]]) -> str:
    """The last user message, with the words of the user's question before it where it leans on that.

    >>> standalone([{"role": "user", "content": "谁生产水泵？"}, {"role": "user", "content": "那国内呢？"}])
    '谁生产水泵 国内'
    """
    asked = [message["content"].strip() for message in messages if message["role"] == "user"]
    last = asked[-1] if asked else ""
    if len(asked) < 2 or not _LEANS.search(folded(last)):
        return last
    rest = _CLOSING.sub("", _OPENING.sub("", last))
    return f"{_CLOSING.sub('', standalone([{'role': 'user', 'content': text} for text in asked[:-1]]))} {rest}".strip()
