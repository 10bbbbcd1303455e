import hashlib
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.index.weights import parse, read_weights
from tests.models import TINY_HIDDEN, TINY_INTERMEDIATE, TINY_PIECES, TINY_POSITIONS, tiny_e5s1, tiny_tensors


def test_header_pieces_and_normalisation_are_read() -> None:
    weights = parse(tiny_e5s1())
    shape = weights.shape
    assert (shape.hidden, shape.layers, shape.heads, shape.intermediate) == (TINY_HIDDEN, 1, 2, TINY_INTERMEDIATE)
    assert (shape.rows, shape.positions, shape.token_types) == (len(TINY_PIECES), TINY_POSITIONS, 2)
    assert shape.epsilon == pytest.approx(1e-12)
    assert weights.pieces == TINY_PIECES
    assert weights.scores[0] == 0
    assert weights.scores[4] == -2
    assert weights.normalisation == {"\t": " ", "Ａ": "甲"}


def test_every_tensor_comes_back_as_it_was_packed() -> None:
    weights = parse(tiny_e5s1())
    for name, values in tiny_tensors().items():
        read = weights.matrix(name, values.shape[1]) if values.ndim == 2 else weights.vector(name)
        assert read.dtype == np.float32
        np.testing.assert_array_equal(read, values)


def test_rows_can_be_picked_in_any_order() -> None:
    picked = parse(tiny_e5s1()).matrix("emb.word", TINY_HIDDEN, [5, 0])
    np.testing.assert_array_equal(picked, tiny_tensors()["emb.word"][[5, 0]])


def test_another_checksum_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "weights.bin"
    file.write_bytes(tiny_e5s1())
    assert read_weights(file, sha256=hashlib.sha256(tiny_e5s1()).hexdigest()).pieces == TINY_PIECES
    with pytest.raises(ModelError, match="sha256 differs"):
        read_weights(file, sha256="0" * 64)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.bin"):
        read_weights(tmp_path / "nowhere.bin")


def test_another_format_is_refused() -> None:
    with pytest.raises(ModelError, match="does not begin with E5S1"):
        parse(b"GGUF" + tiny_e5s1()[4:])


def test_a_file_cut_short_anywhere_is_refused() -> None:
    whole = tiny_e5s1()
    for size in [*range(4, 1200, 37), len(whole) // 2, len(whole) - 1]:
        with pytest.raises(ModelError, match="cannot be used"):
            parse(whole[:size])


def test_a_tensor_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match=r"no tensor l9\.q\.w"):
        parse(tiny_e5s1()).matrix("l9.q.w", TINY_HIDDEN)
