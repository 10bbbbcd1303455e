"""The default model's vocabulary: which pieces are kept, and the tokenizer made of them.

A SentencePiece unigram model gives a text the same pieces whether or not the vocabulary holds pieces of scripts
that the text does not use. So leaving those out changes no vector of a Chinese or English text, and halves the
embedding table (250,002 → 125,801 rows).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from rag.index.charsmap import compile_charsmap

BEGIN, PAD, END, UNKNOWN, MASK = SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
WORD_START = "▁"

# Half-open ranges of code points.
_KEPT = (
    (0x0000, 0x0100),  # ASCII and Latin-1
    (0x0370, 0x0400),  # Greek, as units and symbols
    (0x2000, 0x2E00),  # punctuation, symbols, arrows, box drawing (WORD_START is in here)
    (0x2E80, 0x3130),  # radicals, CJK punctuation, kana, bopomofo
    (0x31A0, 0xA000),  # bopomofo, CJK compatibility, ideographs and extension A
    (0xF900, 0xFB00),  # compatibility ideographs
    (0xFE10, 0xFE70),  # vertical and small forms
    (0xFF00, 0xFFF0),  # half and full widths
    (0x1F300, 0x1FB00),  # pictographs
    (0x20000, 0x32000),  # ideographs, extensions B and later
)


def kept_pieces(pieces: Sequence[str]) -> list[int]:
    """Ids of the pieces made only of characters that Chinese and English material uses, in order, and the
    special tokens."""
    return [i for i, piece in enumerate(pieces) if piece in SPECIAL_TOKENS or all(map(_is_kept, piece))]


def _is_kept(character: str) -> bool:
    point = ord(character)
    return any(start <= point < end for start, end in _KEPT)


def build_tokenizer(pieces: Sequence[str], scores: NDArray[np.float32], normalisation: Mapping[str, str]) -> Tokenizer:
    """XLM-R's tokenizer over ``pieces`` (ids are their positions) with their log-probabilities ``scores``.

    Characters are normalised by the table, runs of spaces fold, each word starts with ``▁``, and a text is set
    between ``<s>`` and ``</s>``.
    """
    ids = {piece: i for i, piece in enumerate(pieces)}
    vocabulary = list(zip(pieces, map(float, scores), strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=ids[UNKNOWN], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(compile_charsmap(normalisation)), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    words = pre_tokenizers.Metaspace(replacement=WORD_START, prepend_scheme="always")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), words])
    tokenizer.decoder = decoders.Metaspace(replacement=WORD_START, prepend_scheme="always")
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False, lstrip=token == MASK) for token in SPECIAL_TOKENS]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}",
        pair=f"{BEGIN} $A {END} {END} $B {END}",
        special_tokens=[(BEGIN, ids[BEGIN]), (END, ids[END])],
    )
    return tokenizer
