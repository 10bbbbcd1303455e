"""What is looked up when the metrics are read: states of jobs, the index, the workers' processes, the build."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from prometheus_client import ProcessCollector
from prometheus_client.metrics_core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from rag import Assistant, SuanlianError, package_version

logger = logging.getLogger("suanlian.api")


class States(Collector):
    """``read()``: a number for each value of ``label``; none while it cannot be read, which the log says once."""

    def __init__(self, name: str, help: str, label: str, read: Callable[[], Mapping[str, float]]) -> None:
        self._name, self._help, self._label, self._read = name, help, label, read
        self._broken = False

    def collect(self) -> Iterable[Metric]:
        family = GaugeMetricFamily(self._name, self._help, labels=[self._label])
        try:
            numbers = self._read()
        except (SuanlianError, OSError):  # a disk that refuses: other metrics are still told
            if not self._broken:
                logger.exception("metric_unreadable", extra={"metric": self._name})
            self._broken = True
            return [family]
        self._broken = False
        for value, number in numbers.items():
            family.add_metric([value], number)
        return [family]


class Indexes(Collector):
    """The generation and the size of each collection that ``opened()`` gives."""

    def __init__(self, opened: Callable[[], Iterable[Assistant]]) -> None:
        self._opened = opened
        self._counted: dict[str, tuple[int, int, int]] = {}

    def collect(self) -> Iterable[Metric]:
        families = [
            GaugeMetricFamily(f"suanlian_index_{name}", help, labels=["collection"])
            for name, help in (
                ("generation", "The generation that answers."),
                ("documents", "Documents of a collection."),
                ("passages", "Passages of a collection."),
            )
        ]
        for assistant in self._opened():
            try:
                numbers = self._numbers(assistant)
            except SuanlianError:  # deleted or damaged a moment ago: other metrics are still told
                continue
            for family, number in zip(families, numbers, strict=True):
                family.add_metric([assistant.collection], number)
        return families

    def _numbers(self, assistant: Assistant) -> tuple[int, int, int]:
        generation = assistant.generation
        counted = self._counted.get(assistant.collection)
        if counted is None or counted[0] != generation:  # a generation does not change, so it is counted once
            counted = generation, len(assistant.documents()), assistant.passages
            self._counted[assistant.collection] = counted
        return counted


class Processes(Collector):
    """The memory, time and files of every live worker, by its ``pid``. ``folder`` is where the workers count."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for pid in sorted({path.stem.rpartition("_")[2] for path in self._folder.glob("gauge_livesum_*.db")}):
            for family in ProcessCollector(pid=_constant(pid), registry=None).collect():
                kept = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    kept.add_sample(sample.name, {**sample.labels, "pid": pid}, sample.value)
        return families.values()


class Build(Collector):
    """Which program runs, on which Python."""

    def collect(self) -> Iterable[Metric]:
        about = {"version": package_version(), "python": platform.python_version()}
        return [InfoMetricFamily("suanlian_build", "Which program runs.", about)]


def _constant(value: str) -> Callable[[], str]:
    return lambda: value
