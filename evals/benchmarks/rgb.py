"""RGB's Chinese files: questions, each with passages that answer it and passages that do not.

Chen et al., "Benchmarking Large Language Models in Retrieval-Augmented Generation", AAAI 2024.

    {"id", "query", "answer": ["…", ["…", "…"]], "positive": […], "negative": ["…"]}      a line a question

Each element of ``answer`` is a part that the answer must state; a list there holds its accepted wordings. ``positive``
is a list of passages (zh, zh_refine), or of lists of them, one for each part of the question (zh_int).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from evals.benchmarks.squad import Half, Paragraph, half_of
from rag import FileError


@dataclass(frozen=True, slots=True)
class RgbQuestion:
    """A question. ``parts`` are what its answer must state, each with its accepted wordings; ``groups`` are the passages
    that hold them, ``negatives`` those of the same search that do not."""

    id: str
    question: str
    parts: tuple[tuple[str, ...], ...]
    groups: tuple[tuple[str, ...], ...]
    negatives: tuple[str, ...]
    half: Half

    @property
    def positives(self) -> tuple[str, ...]:
        """The passages that answer: one of each group in turn, so that the first few have something of every part."""
        turns = zip_longest(*self.groups)
        return tuple(dict.fromkeys(text for turn in turns for text in turn if text is not None))

    def mixed(self, count: int, noise: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """``count`` passages of which a share of ``noise`` are negatives: (positives, negatives). As the authors do it:
        each group keeps one passage, and where one kind runs short the other fills up."""
        wanted = max(count - math.ceil(count * noise - 1e-9), len(self.groups), count - len(self.negatives))
        kept = self.positives[:wanted]
        return kept, self.negatives[: count - len(kept)]


def load_rgb(path: Path) -> tuple[RgbQuestion, ...]:
    """A benchmark's file (zh, zh_refine or zh_int).

    Raises:
        FileError: it cannot be read, or is not of this form.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = tuple(_question(json.loads(line)) for line in lines)
    except OSError as error:
        raise FileError(
            f"{path.name} cannot be read ({error.strerror}). Give the benchmark's own file.",
            f"无法读取 {path.name}（{error.strerror}）。请给出该评测集自己的文件。",
        ) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise FileError(
            f"{path.name} is not a file of RGB ({error!r}). Give zh.json, zh_refine.json or zh_int.json as its authors published it.",
            f"{path.name} 不是 RGB 的文件（{error!r}）。请给出作者发布的 zh.json、zh_refine.json 或 zh_int.json。",
        ) from error
    if not found:
        raise FileError(f"{path.name} holds no question.", f"{path.name} 里没有题目。")
    return found


def chosen(
    questions: Sequence[RgbQuestion], half: Half | None = None, limit: int | None = None
) -> tuple[RgbQuestion, ...]:
    """The questions of a half (None: all), at most ``limit`` of them, the first."""
    return tuple([question for question in questions if half in (None, question.half)][:limit])


def passages(questions: Sequence[RgbQuestion]) -> dict[str, Paragraph]:
    """Every passage of the questions by its words; one that serves several is there once."""
    texts = dict.fromkeys(text for q in questions for group in (*q.groups, q.negatives) for text in group)
    return {text: Paragraph(hashlib.sha256(text.encode()).hexdigest()[:16], "", text) for text in texts}


def _question(row: dict[str, Any]) -> RgbQuestion:
    positive = row["positive"]
    groups = [positive] if all(isinstance(text, str) for text in positive) else [_listed(group) for group in positive]
    answer = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
    return RgbQuestion(
        str(row["id"]),
        row["query"].strip(),
        tuple(_words(part) for part in answer),
        tuple(_words(group) for group in groups if group),
        _words(row["negative"]),
        half_of(str(row["id"])),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(values: Any) -> tuple[str, ...]:
    found = tuple(_listed(values))
    if not all(isinstance(value, str) for value in found):
        raise TypeError("a text was expected")
    return tuple(value for value in found if value.strip())
