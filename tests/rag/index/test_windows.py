import itertools
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.index.windows import WindowCutter, covered_by, cut_points
from tests.models import TINY_PIECES

positive = st.integers(min_value=1, max_value=12)


@given(st.integers(0, 80), positive, st.lists(st.tuples(st.integers(0, 80), positive), max_size=8))
def test_runs_cover_every_token_once_and_fit(count: int, capacity: int, spans: list[tuple[int, int]]) -> None:
    cuts = cut_points(np.arange(count), capacity, [(start, start + length) for start, length in spans])
    assert cuts[0] == 0
    assert cuts[-1] == count
    assert all(1 <= after - before <= capacity for before, after in itertools.pairwise(cuts) if count)


@given(st.lists(positive, min_size=1, max_size=20))
def test_spans_that_fit_are_never_cut(lengths: list[int]) -> None:
    edges = np.cumsum([0, *lengths]).tolist()
    cuts = cut_points(np.arange(edges[-1]), 12, list(itertools.pairwise(edges)))
    assert set(cuts) <= set(edges)


def test_a_short_text_is_one_window_as_the_tokenizer_gives_it(tiny_folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    (window,) = WindowCutter(tokenizer, 24).cut("甲 乙", "passage: ", [])
    assert list(window.ids) == tokenizer.encode("passage: 甲 乙").ids
    assert (window.start, window.end) == (0, 3)
    characters = [(int(a), int(b)) for a, b in zip(window.starts, window.ends, strict=True)]
    # <s>, ▁passage and : stand for no character of the text; each ▁ for that of the word it begins.
    assert characters == [(0, 0), (0, 0), (0, 0), (0, 1), (0, 1), (2, 3), (2, 3), (0, 0)]


def test_a_long_text_is_covered_without_gap_each_window_prompted_and_within_size(tiny_folder: Path) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_folder / "tokenizer.json"))
    text = "甲乙丙丁甲乙。" * 8
    spans = [(i, i + 7) for i in range(0, len(text), 7)]
    windows = WindowCutter(tokenizer, 24).cut(text, "passage: ", spans)
    assert len(windows) > 1
    assert [window.start for window in windows] == [0, *(window.end for window in windows[:-1])]
    assert windows[-1].end == len(text)
    head = tokenizer.encode("passage: ").ids[:3]
    for window in windows:
        assert len(window.ids) <= 24
        assert list(window.ids[:3]) == head
        assert window.ids[-1] == TINY_PIECES.index("</s>")
        assert window.start % 7 == 0
    assert sum(len(window.ids) for window in windows) == len(tokenizer.encode(f"passage: {text}").ids) + 4 * (
        len(windows) - 1
    )


def test_an_empty_text_and_half_a_surrogate_pair_are_windows_too(tiny_folder: Path) -> None:
    cutter = WindowCutter(Tokenizer.from_file(str(tiny_folder / "tokenizer.json")), 24)
    (empty,) = cutter.cut("", "query: ", [])
    assert (empty.start, empty.end) == (0, 0)
    assert len(empty.ids) > 2
    (odd,) = cutter.cut("甲\ud800乙", "", [])
    assert odd.end == 3


def test_tokens_belong_to_the_spans_that_they_share_a_character_with() -> None:
    shares = covered_by([(0, 2), (2, 4), (2, 2)], np.array([0, 0, 1, 3]), np.array([0, 1, 3, 4]))
    assert shares.tolist() == [[0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0]]
