"""A question that the language model left without an answer, in a run that asked for its answers alone."""

from __future__ import annotations

import time

from evals.question import Question
from rag import Answer, LanguageModelError, package_version


def unanswered(question: Question, error: LanguageModelError) -> Answer:
    """What stands for the answer: nothing said, and nothing refused either, or a model that fails would refuse well.
    ``fallback`` holds why, ``incomplete`` is true, and there is no id."""
    return Answer(
        id="",
        created=int(time.time()),
        mode="llm",
        collection="",
        generation=0,
        version=package_version(),
        config="",
        question=question.question,
        standalone_question=question.question,
        text="",
        refused=False,
        confidence=0.0,
        incomplete=True,
        fallback=error.reason,
    )


def is_unanswered(answer: Answer) -> bool:
    """Whether an answer stands for none."""
    return answer.mode == "llm" and answer.fallback is not None
