"""How sure a figure is: bootstrapped confidence intervals, that of a share, and a paired test of two runs.

Interval: the percentile bootstrap over questions (Efron and Tibshirani, 1993). Test: Fisher's randomisation test on the
differences of paired scores, whose signs are flipped (Smucker, Allan and Carterette, "A Comparison of Statistical
Significance Tests for Information Retrieval Evaluation", CIKM 2007). Both by SciPy, with a fixed seed.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

Interval = tuple[float, float]
Alternative = Literal["two-sided", "less", "greater"]

LEVEL = 0.95
RESAMPLES = 2000
FLIPS = 2**16  # every one of them up to 16 differences, else so many drawn by lot
_SEED = 20_240_601
_BATCH = 4096  # flips at once: memory stays small


def interval(
    *samples: Sequence[float] | npt.NDArray[np.float64],
    statistic: Callable[..., Any] = np.mean,
    vectorized: bool = True,
) -> Interval | None:
    """The 95 % interval of a statistic; None of fewer than two questions.

    Args:
        samples: one (n,) or several that belong together question by question.
        statistic: of resamples ``(…, n)`` along ``axis``; with ``vectorized=False``, of (n,) each.
    """
    if len(samples[0]) < 2:
        return None
    with warnings.catch_warnings():
        # A resample may hold nothing of a class, and then has no figure; it is left out below, which SciPy does not do.
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)
        found = stats.bootstrap(
            samples,
            statistic,
            n_resamples=RESAMPLES,
            paired=len(samples) > 1,
            vectorized=vectorized,
            confidence_level=LEVEL,
            method="percentile",
            rng=np.random.default_rng(_SEED),
        ).bootstrap_distribution
    known = found[~np.isnan(found)]
    if not len(known):
        return None
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return round(float(low), 4), round(float(high), 4)


def wilson(successes: int, of: int) -> Interval | None:
    """The 95 % interval of a share (Wilson, 1927), which holds near 0 and 1 and for few; None of none.

    >>> wilson(10, 10)
    (0.7225, 1.0)
    """
    if not of:
        return None
    found = stats.binomtest(successes, of).proportion_ci(LEVEL, method="wilson")
    return round(float(found.low), 4), round(float(found.high), 4)


def paired_test(differences: Sequence[float], alternative: Alternative = "two-sided") -> float:
    """The p-value of paired differences under the hypothesis that their signs fall by chance; 1.0 without any.

    Exact up to 16 differences that are not 0 (:data:`FLIPS`). ``less``: that they are not below 0.

    >>> paired_test([-1, -1, -1, -1, -1, 0, 0], "less"), paired_test([-1, 1])
    (0.03125, 1.0)
    """
    known = [difference for difference in differences if difference]  # 0 stays 0 whatever its sign
    if not known:
        return 1.0
    if len(known) == 1:
        known.append(0.0)  # SciPy asks for two
    found = stats.permutation_test(
        (np.array(known, dtype=float),),
        np.sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=FLIPS,
        batch=_BATCH,
        alternative=alternative,
        rng=np.random.default_rng(_SEED),
    )
    return float(found.pvalue)
