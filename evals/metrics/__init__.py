"""One metric a file, averaged over questions.

Those of question sets are ``score(question, answer) -> float | None`` (None where it does not apply); those of ranked
lists take what the ranks hold, ``score(ranked, k)``; those of spans take words, ``score(answer, golds)``.
"""
