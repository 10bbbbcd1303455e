"""Measures of a ranked list, computed by ir-measures (MacAvaney, Macdonald and Ounis, ECIR 2022) over trec_eval.

The measures' own files call this; what they share is how a list of yes and no becomes a qrel and a run.
"""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures


def measured(measure: ir_measures.Measure, ranked: Sequence[bool], relevant: int | None = None) -> float:
    """One measure of one ranked list.

    Args:
        ranked: of each passage, best first, whether it is gold.
        relevant: gold passages in all, those not found among them; without it, those found.
    """
    gold = {f"found-{place}": 1 for place, is_gold in enumerate(ranked) if is_gold}
    gold |= {f"missed-{number}": 1 for number in range((relevant or 0) - len(gold))}
    if not gold or not ranked:
        return 0.0
    run = {f"found-{place}": float(-place) for place in range(len(ranked))}
    return float(ir_measures.calc_aggregate([measure], {"q": gold}, {"q": run})[measure])
