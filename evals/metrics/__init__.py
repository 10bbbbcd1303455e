"""One metric a file: ``score(question, answer) -> float | None`` (None where it does not apply), averaged over questions."""
