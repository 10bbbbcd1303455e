import numpy as np

from rag.index.vocabulary import build_tokenizer, kept_pieces
from tests.models import TINY_PIECES


def test_chinese_english_and_special_pieces_are_kept_and_other_scripts_left_out() -> None:
    pieces = ["<s>", "<unk>", "▁passage", "供应链", "。", "é", "の", "д", "▁สวัสดี", "<mask>"]
    assert [pieces[i] for i in kept_pieces(pieces)] == ["<s>", "<unk>", "▁passage", "供应链", "。", "é", "の", "<mask>"]


def test_text_is_normalised_cut_and_framed() -> None:
    scores = np.array([0.0 if piece.startswith("<") else -2.0 for piece in TINY_PIECES], np.float32)
    tokenizer = build_tokenizer(TINY_PIECES, scores, {"Ａ": "甲", "\t": " "})
    encoding = tokenizer.encode("passage: Ａ\t乙x")
    assert encoding.tokens == ["<s>", "▁passage", ":", "▁", "甲", "▁", "乙", "x", "</s>"]
    assert encoding.ids[-2] == TINY_PIECES.index("<unk>")
    assert encoding.offsets[4] == (9, 10)


def test_a_piece_of_a_script_that_is_not_in_the_text_changes_nothing() -> None:
    kept = kept_pieces(TINY_PIECES)
    scores = np.array([0.0 if piece.startswith("<") else -2.0 for piece in TINY_PIECES], np.float32)
    whole = build_tokenizer(TINY_PIECES, scores, {})
    pruned = build_tokenizer([TINY_PIECES[i] for i in kept], scores[kept], {})
    assert len(kept) < len(TINY_PIECES)
    assert pruned.encode("query: 甲乙。丙").tokens == whole.encode("query: 甲乙。丙").tokens
