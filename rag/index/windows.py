"""A text's tokens as windows that fit the encoder, each token with the characters that it stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Span = tuple[int, int]
Positions = NDArray[np.int64]
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Window:
    """What the encoder sees at once, and the characters ``[start, end)`` of the text that it covers.

    ``ids`` are the model's input, special tokens and prompt included. ``starts`` and ``ends``, one a token, are the
    characters of the text that it stands for; both 0 for a special token, the prompt, and a token of blanks.
    """

    ids: tuple[int, ...]
    start: int
    end: int
    starts: Positions
    ends: Positions


class WindowCutter:
    """Cuts texts into windows of at most ``max_tokens`` tokens.

    A text that fits is one window, exactly as the tokenizer gives it. A longer one becomes several without overlap,
    each with the prompt before it. They end where a span begins or ends if that is possible, else between two tokens.
    The tokenizer becomes the cutter's own: it is set not to truncate or pad.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._max_tokens = max_tokens
        framed = self._tokenizer.encode("a")
        special = framed.special_tokens_mask
        first = special.index(0)
        self._before = tuple(framed.ids[:first])
        self._after = tuple(framed.ids[len(special) - special[::-1].index(0) :])

    def cut(self, text: str, prompt: str, spans: Sequence[Span]) -> list[Window]:
        """The windows of ``text``, at least one, that cover it from 0 to ``len(text)``."""
        # Half a surrogate pair, which JSON lets through, is no character that a tokenizer takes.
        encoding = self._tokenizer.encode(prompt + _SURROGATE.sub("\ufffd", text), add_special_tokens=False)
        ids = tuple(encoding.ids)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) - len(prompt)
        of_prompt = int(np.count_nonzero(np.maximum.accumulate(offsets[:, 1]) <= 0)) if prompt else 0
        starts, ends = _without_blanks(text, np.maximum(offsets[:, 0], 0), offsets[:, 1])

        capacity = self._max_tokens - len(self._before) - of_prompt - len(self._after)
        breaks = cut_points(starts[of_prompt:], max(capacity, 1), spans)
        edges = [0, *(int(starts[of_prompt + b]) for b in breaks[1:-1]), len(text)]
        head = self._before + ids[:of_prompt]
        return [
            Window(
                ids=head + ids[of_prompt + first : of_prompt + last] + self._after,
                start=start,
                end=end,
                starts=self._aligned(starts[of_prompt + first : of_prompt + last], len(head)),
                ends=self._aligned(ends[of_prompt + first : of_prompt + last], len(head)),
            )
            for first, last, start, end in zip(breaks[:-1], breaks[1:], edges[:-1], edges[1:], strict=True)
        ]

    def _aligned(self, positions: Positions, before: int) -> Positions:
        return np.pad(positions, (before, len(self._after)))


def cut_points(starts: Positions, capacity: int, spans: Sequence[Span]) -> list[int]:
    """Where to cut ``len(starts)`` tokens into runs of at most ``capacity``: ``[0, …, len(starts)]``.

    ``starts`` are the tokens' first characters. Each run is as long as it can be and still end at an end of one of
    ``spans``; where none lies within reach it is ``capacity`` long.
    """
    count = len(starts)
    characters = sorted({character for span in spans for character in span})
    wanted = np.unique(np.searchsorted(starts, characters, side="left"))
    cuts = [0]
    while count - cuts[-1] > capacity:
        limit = cuts[-1] + capacity
        within = wanted[(wanted > cuts[-1]) & (wanted <= limit)]
        cuts.append(int(within[-1]) if len(within) else limit)
    return [*cuts, count]


def _without_blanks(text: str, starts: Positions, ends: Positions) -> tuple[Positions, Positions]:
    """Token extents with leading blanks left off: some tokenizers count the blank before a word as part of it."""
    starts = starts.copy()
    for i in range(len(starts)):
        while starts[i] < ends[i] and text[starts[i]].isspace():
            starts[i] += 1
    # Kept in order, as some tokenizers give a token without characters the offsets (0, 0).
    return np.maximum.accumulate(starts) if len(starts) else starts, ends


def covered_by(spans: Sequence[Span], starts: Positions, ends: Positions) -> NDArray[np.float32]:
    """``(spans, tokens)`` float32: 1 where a token shares a character with a span."""
    edges = np.array(spans, dtype=np.int64).reshape(-1, 2)
    shares = np.maximum(starts, edges[:, :1]) < np.minimum(ends, edges[:, 1:])
    return shares.astype(np.float32)
