"""Faithfulness: |statements that their sentences support| / |statements judged|.

RAGAS's definition (Es et al., "RAGAs: Automated Evaluation of Retrieval Augmented Generation", EACL 2024), with the
sentences of ALCE's citation recall (Gao et al., "Enabling Large Language Models to Generate Text with Citations", EMNLP
2023): a statement is held against the sentences that it cites, all together, not against all that was retrieved; one that
cites none is not supported. Both ask a model for the verdict; here it is a reader's. What checks the statements before
they leave may not give it, or it would be grading itself.
"""

from __future__ import annotations

from collections.abc import Iterable


def score(supported: Iterable[bool | None]) -> float | None:
    """Share of the judged statements that are supported; None, not judged, counts on neither side.

    >>> score([True, True, False, None]) == 2 / 3, score([None])
    (True, None)
    """
    judged = [verdict for verdict in supported if verdict is not None]
    return sum(judged) / len(judged) if judged else None
