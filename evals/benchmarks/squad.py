"""CMRC2018 and DRCD: questions on paragraphs, each answer a span of its paragraph (the form of SQuAD 1.1).

Cui et al., "A Span-Extraction Dataset for Chinese Machine Reading Comprehension", EMNLP 2019;
Shao et al., "DRCD: a Chinese Machine Reading Comprehension Dataset", 2018.

    {"data": [{"id", "title", "paragraphs": [{"id", "context", "qas": [{"id", "question",
                                              "answers": [{"text", "answer_start"}]}]}]}]}
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag import FileError

Half = Literal["tune", "report"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What becomes one document; its id is the document's key."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question on a paragraph. ``golds`` are half-open spans of the paragraph's text, ``answers`` their words."""

    id: str
    question: str
    paragraph: str
    golds: tuple[Span, ...]
    answers: tuple[str, ...]
    half: Half


@dataclass(frozen=True, slots=True)
class SquadSet:
    """All paragraphs of a file, and its questions."""

    paragraphs: tuple[Paragraph, ...]
    questions: tuple[SquadQuestion, ...]

    def chosen(self, half: Half | None = None, limit: int | None = None) -> list[SquadQuestion]:
        """The questions of a half (None: all), at most ``limit``: a sample that is the same on every machine."""
        found = [question for question in self.questions if half in (None, question.half)]
        if limit is None or limit >= len(found):
            return found
        kept = {question.id for question in sorted(found, key=lambda q: _digest(q.id))[:limit]}
        return [question for question in found if question.id in kept]


def half_of(article: str) -> Half:
    """The half that an article's questions belong to, by a hash of its id: articles are never spread over both."""
    return "report" if _digest(article)[0] % 2 else "tune"


def load_squad(path: Path) -> SquadSet:
    """A benchmark's file. Questions without a word in them, which CMRC2018 has a few of, are left out.

    Raises:
        FileError: it cannot be read, is not of this form, or an answer does not stand in its paragraph.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileError(
            f"{path.name} cannot be read as JSON ({reason}). Give the benchmark's own squad-style file.",
            f"{path.name} 无法按 JSON 读取（{reason}）。请给出该评测集自己的 squad 格式文件。",
        ) from error
    paragraphs: list[Paragraph] = []
    questions: list[SquadQuestion] = []
    try:
        for article in data["data"]:
            for number, paragraph in enumerate(article["paragraphs"]):
                key = str(paragraph.get("id") or f"{article['id']}-{number}")
                paragraphs.append(Paragraph(key, article.get("title", ""), paragraph["context"]))
                questions.extend(_questions(paragraph, key, half_of(str(article.get("id", key)))))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise FileError(
            f"{path.name} is not a squad-style file ({error!r}). Give the benchmark's own file.",
            f"{path.name} 不是 squad 格式的文件（{error!r}）。请给出该评测集自己的文件。",
        ) from error
    return SquadSet(tuple(paragraphs), tuple(questions))


def _questions(paragraph: dict[str, Any], key: str, half: Half) -> Iterator[SquadQuestion]:
    for row in paragraph["qas"]:
        if not row["question"].strip():
            continue
        golds = {_placed(paragraph["context"], a["text"], a["answer_start"], row["id"]): None for a in row["answers"]}
        answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
        yield SquadQuestion(row["id"], row["question"], key, tuple(golds), answers, half)


def _placed(text: str, answer: str, start: int, question: str) -> Span:
    """The answer's span; where the file's offset is off, the nearest place that holds its words."""
    if not text.startswith(answer, start):
        places = [at for at in range(len(text)) if text.startswith(answer, at)]
        if not places:
            raise ValueError(f"the answer of {question} does not stand in its paragraph")
        start = min(places, key=lambda at: abs(at - start))
    return start, start + len(answer)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
