"""Laps of a stopwatch."""

from __future__ import annotations

import pytest

from rag.clock import Clock


def test_laps_are_milliseconds_and_a_stage_passed_twice_counts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([10.0, 10.25, 10.75, 11.0])
    monkeypatch.setattr("rag.clock.time.perf_counter", lambda: next(seconds))
    clock = Clock()
    for stage in ("rewrite", "retrieve", "rewrite"):
        clock.lap(stage)
    assert clock.laps() == {"rewrite": 500.0, "retrieve": 500.0, "total": 1000.0}
