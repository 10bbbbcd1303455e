"""Each framework in a process of its own, on the same passages and questions: what it finds, and what that costs."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.benchmarks.floors import jieba_for_search
from evals.benchmarks.indexed import Clocked
from evals.benchmarks.peers import OURS, Peer
from evals.benchmarks.peers.given import GivenVectors
from evals.benchmarks.squad import SquadQuestion, SquadSet
from evals.metrics import hit_rate, reciprocal_rank
from rag import Settings, document_from_text, encoder_of, package_version, split

_PEAK = "VmHWM:"


@dataclass(frozen=True, slots=True)
class Row:
    """A framework's figures. ``words`` is what cuts Chinese for its keyword search; ``build_s`` the seconds of making its
    index, imports and the loading of the model apart; ``memory_mb`` the peak of its process, None where the vectors were
    given to it."""

    name: str
    words: str
    figures: dict[str, float]
    ms_p50: float
    ms_p95: float
    build_s: float
    memory_mb: float | None
    versions: str


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    jieba: bool
    texts: tuple[str, ...]
    questions: tuple[str, ...]
    settings: Settings
    vectors: GivenVectors | None


@dataclass(frozen=True, slots=True)
class _Done:
    found: list[list[int]]
    milliseconds: list[float]
    build_s: float
    memory_mb: float | None


def passages_of(
    benchmark: SquadSet, questions: Sequence[SquadQuestion], max_chars: int
) -> tuple[tuple[str, ...], list[frozenset[int]]]:
    """All passages of a benchmark, cut as the library cuts them; and for each question the numbers of the gold ones."""
    texts: list[str] = []
    places: dict[str, list[tuple[int, int, int]]] = {}
    for paragraph in benchmark.paragraphs:
        for passage in split(document_from_text(paragraph.text, key=paragraph.id), max_chars=max_chars):
            places.setdefault(paragraph.id, []).append((len(texts), passage.start, passage.end))
            texts.append(passage.text)
    gold = [
        frozenset(n for n, start, end in places[q.paragraph] if any(start < e and s < end for s, e in q.golds))
        for q in questions
    ]
    return tuple(texts), gold


def compare(
    peers: Sequence[Peer],
    benchmark: SquadSet,
    questions: Sequence[SquadQuestion],
    settings: Settings,
    *,
    ours: bool = True,
    beside_model: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Row]:
    """The rows: this library, then each framework as it comes and over jieba's words.

    Args:
        beside_model: leave the embedding model's time out. The vectors are made once and given to every framework.
    """
    texts, gold = passages_of(benchmark, questions, settings.passage_chars)
    asked = tuple(question.question for question in questions)
    vectors = GivenVectors.of(texts, asked, encoder_of(settings)) if beside_model else None
    wanted: list[tuple[str, bool, str, str]] = [(OURS, False, "its own", package_version())] if ours else []
    for peer in peers:
        wanted += [(peer.name, False, peer.words, peer.versions()), (peer.name, True, "jieba", peer.versions())]
    rows = []
    for number, (name, jieba, words, versions) in enumerate(wanted, 1):
        done = _alone(_Task(name, jieba, texts, asked, settings, vectors))
        rows.append(_row(name, words, versions, done, gold))
        if progress:
            progress("对比 peers", number, len(wanted))
    return rows


def _alone(task: _Task) -> _Done:
    """The task in a fresh process, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_work, task).result()


def _work(task: _Task) -> _Done:
    warnings.simplefilter("ignore")  # of other people's packages
    logging.disable(logging.WARNING)
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    module = importlib.import_module(f"evals.benchmarks.peers.{task.name}")
    encoder: Any = encoder_of(task.settings) if task.vectors is None or task.name == OURS else task.vectors
    clock = Clocked(encoder) if task.vectors is not None and task.name == OURS else None
    encoder.encode_queries([task.questions[0]])
    cut = jieba_for_search() if task.jieba else None
    with TemporaryDirectory(prefix="suanlian-bench-") as folder:
        settings = task.settings.model_copy(update={"index": Path(folder), "collection": "bench"})
        make: Any = partial(module.index, settings=settings) if task.name == OURS else module.index
        built, search = _timed(lambda: make(task.texts, clock or encoder, cut), clock)
        search(task.questions[0])
        timed = [_timed(partial(search, question), clock) for question in task.questions]
        memory = peak_memory_mb() if task.vectors is None else None
        return _Done([found for _, found in timed], [took * 1000 for took, _ in timed], built, memory)


def _timed(work: Callable[[], Any], clock: Clocked | None) -> tuple[float, Any]:
    """Seconds and what came of it; the encoder's seconds taken off, where it has a clock."""
    before = clock.seconds if clock else 0.0
    begun = time.perf_counter()
    done = work()
    took = time.perf_counter() - begun
    return took - (clock.seconds - before if clock else 0.0), done


def peak_memory_mb() -> float:
    """The most memory that this process has held at once, in MB (2**20 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count what the parent held when this process was forked
        line = next(line for line in status.read_text().splitlines() if line.startswith(_PEAK))
        return int(line.split()[1]) / 1024
    import resource  # which Windows has not

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def _row(name: str, words: str, versions: str, done: _Done, gold: Sequence[frozenset[int]]) -> Row:
    ranked = [[number in right for number in found] for found, right in zip(done.found, gold, strict=True)]
    measures = {
        "hit@1": statistics.fmean(hit_rate.score(row, 1) for row in ranked),
        "hit@5": statistics.fmean(hit_rate.score(row, 5) for row in ranked),
        "mrr@10": statistics.fmean(reciprocal_rank.score(row, 10) for row in ranked),
    }
    times = sorted(done.milliseconds)
    return Row(
        name,
        words,
        {measure: round(value, 4) for measure, value in measures.items()},
        round(statistics.median(times), 1),
        round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
        round(done.build_s, 1),
        None if done.memory_mb is None else round(done.memory_mb),
        versions,
    )
