"""A stopwatch with laps."""

from __future__ import annotations

import time


class Clock:
    """Milliseconds of each stage; a stage passed twice counts together."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """End a stage."""
        now = time.perf_counter()
        self._laps[stage] = self._laps.get(stage, 0.0) + (now - self._last) * 1000
        self._last = now

    def laps(self) -> dict[str, float]:
        """Milliseconds by stage, and ``total``."""
        told = {stage: round(ms, 2) for stage, ms in self._laps.items()}
        return {**told, "total": round((self._last - self._start) * 1000, 2)}
