"""What plain tools reach on the same passages and questions: the floors that the library has to beat.

``bm25``: bm25s as it comes, over jieba's words for search. ``rrf``: the library's two rankings joined by reciprocal
rank, 1 / (60 + rank) each (Cormack et al., "Reciprocal Rank Fusion outperforms Condorcet", 2009); of equals, and there
are many, the one that BM25 ranks higher goes first, as it does where the two lists are merged in that order.
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Callable, Mapping, Sequence
from tempfile import TemporaryDirectory

from evals.benchmarks.asked import DEPTH, is_gold
from evals.benchmarks.squad import SquadQuestion
from evals.metrics import hit_rate, reciprocal_rank
from rag import Assistant, Document, Passage, SearchResult, split

_RRF_K = 60


def floor_figures(
    questions: Sequence[SquadQuestion], assistant: Assistant, documents: Mapping[str, Document]
) -> dict[str, dict[str, float]]:
    """hit@1, hit@5 and MRR@10 of each floor; ``documents`` are those of the index, by key."""
    passages = [p for d in documents.values() for p in split(d, max_chars=assistant.settings.passage_chars)]
    bm25 = PlainBm25([passage.text for passage in passages])
    return {
        "bm25": _figures(
            [[_overlaps(passages[n], q, documents) for n in bm25.ranked(q.question, DEPTH)] for q in questions]
        ),
        "rrf": _figures([_rank_fused(question, assistant, documents) for question in questions]),
    }


class PlainBm25:
    """bm25s as it comes, over jieba's words for search.

    Args:
        texts: the passages, numbered from 0.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._cut = jieba_for_search()
        self._count = len(texts)
        self._index = bm25s.BM25()
        self._index.index([self._cut(text) for text in texts], show_progress=False)

    def ranked(self, question: str, k: int) -> list[int]:
        """The numbers of the ``k`` best passages, best first."""
        found, _ = self._index.retrieve([self._cut(question)], k=min(k, self._count), show_progress=False)
        return [int(number) for number in found[0]]

    def best(self, question: str, among: Sequence[int]) -> float:
        """The highest score among the passages numbered."""
        scores = self._index.get_scores(self._cut(question))
        return float(max(scores[number] for number in among))


def jieba_for_search() -> Callable[[str], list[str]]:
    """jieba's cut for search, by a tokenizer of its own."""
    with warnings.catch_warnings():  # jieba 0.42 has old escapes
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer()
    with TemporaryDirectory() as folder:  # for its cache, which else lies in a folder shared by everyone
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    cut: Callable[[str], list[str]] = tokenizer.lcut_for_search
    return cut


def _overlaps(passage: Passage, question: SquadQuestion, documents: Mapping[str, Document]) -> bool:
    return passage.document_id == documents[question.paragraph].id and any(
        passage.start < end and start < passage.end for start, end in question.golds
    )


def _rank_fused(question: SquadQuestion, assistant: Assistant, documents: Mapping[str, Document]) -> list[bool]:
    every = 2 * assistant.settings.candidates  # the two lists have no more between them
    found = assistant.search(question.question, top_k=every, explain=True)
    ranked = sorted(found, key=_rank)[:DEPTH]
    return [is_gold(result, question, documents[question.paragraph].id) for result in ranked]


def _rank(result: SearchResult) -> tuple[float, int]:
    trace = result.trace or {}
    lexical, dense = int(trace["lexical_rank"]), int(trace["dense_rank"])
    return -1 / (_RRF_K + lexical) - 1 / (_RRF_K + dense), lexical


def _figures(ranked: Sequence[Sequence[bool]]) -> dict[str, float]:
    measures = {
        "hit@1": [hit_rate.score(row, 1) for row in ranked],
        "hit@5": [hit_rate.score(row, 5) for row in ranked],
        "mrr@10": [reciprocal_rank.score(row, 10) for row in ranked],
    }
    return {name: round(statistics.fmean(scores), 4) for name, scores in measures.items()}
