"""AUROC, held against scikit-learn's."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from evals.metrics import auroc

FORECASTS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=2)


@given(FORECASTS)
def test_is_scikit_learn_s(forecasts: list[tuple[float, bool]]) -> None:
    confidence, right = zip(*forecasts, strict=True)
    found = auroc.score(confidence, right)
    if len(set(right)) == 1:
        assert math.isnan(found)
    else:
        assert found == pytest.approx(roc_auc_score(right, confidence))
