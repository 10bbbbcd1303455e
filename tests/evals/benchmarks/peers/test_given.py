"""Vectors made once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from evals.benchmarks.peers.given import GivenVectors
from rag import Settings, encoder_of


def test_they_are_the_encoder_s_own(tmp_path: Path) -> None:
    encoder = encoder_of(Settings(model="hash", model_dir=tmp_path))
    given = GivenVectors.of(["水泵由铸铁制成。"], ["水泵由什么制成？"], encoder)
    assert given.embed_documents(["水泵由铸铁制成。"]) == encoder.embed_documents(["水泵由铸铁制成。"])
    assert given.embed_query("水泵由什么制成？") == encoder.embed_query("水泵由什么制成？")
    np.testing.assert_array_equal(
        given.encode_queries(["水泵由什么制成？"]), encoder.encode_queries(["水泵由什么制成？"])
    )


def test_nothing_else_is_known(tmp_path: Path) -> None:
    given = GivenVectors.of(["甲"], ["乙"], encoder_of(Settings(model="hash", model_dir=tmp_path)))
    with pytest.raises(KeyError):
        given.embed_query("丙")
