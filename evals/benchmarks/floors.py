"""What plain tools reach on the same passages and questions: the floors that the library has to beat.

``bm25``: bm25s as it comes, over jieba's words for search. ``rrf``: the library's two rankings joined by reciprocal
rank, 1 / (60 + rank) each (Cormack et al., "Reciprocal Rank Fusion outperforms Condorcet", 2009); of equals, and there
are many, the one that BM25 ranks higher goes first, as it does where the two lists are merged in that order.
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Mapping, Sequence
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
    return {
        "bm25": _figures(_plain_bm25(questions, passages, documents)),
        "rrf": _figures([_rank_fused(question, assistant, documents) for question in questions]),
    }


def _plain_bm25(
    questions: Sequence[SquadQuestion], passages: Sequence[Passage], documents: Mapping[str, Document]
) -> list[list[bool]]:
    import bm25s

    with warnings.catch_warnings():  # jieba 0.42 has old escapes
        warnings.simplefilter("ignore")
        import jieba
    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer()
    with TemporaryDirectory() as folder:  # for its cache, which else lies in a folder shared by everyone
        tokenizer.tmp_dir = folder
        tokenizer.initialize()
    index = bm25s.BM25()
    index.index([tokenizer.lcut_for_search(passage.text) for passage in passages], show_progress=False)
    tokens = [tokenizer.lcut_for_search(question.question) for question in questions]
    found, _ = index.retrieve(tokens, k=min(DEPTH, len(passages)), show_progress=False)
    return [
        [_overlaps(passages[int(place)], question, documents) for place in places]
        for question, places in zip(questions, found, strict=True)
    ]


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
