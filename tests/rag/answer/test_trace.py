"""What became of each candidate."""

from __future__ import annotations

from rag import Assistant

STAGES = {"fused", "evidence", "confidence", None}


def test_every_candidate_is_told_of_with_its_fate(assistant: Assistant) -> None:
    answer = assistant.ask("松岭机械的揉捻机市场份额是多少", explain=True, top_k=3)
    assert answer.trace is not None
    assert len(answer.trace) > 3
    assert [row["dropped"] for row in answer.trace[3:]] == ["fused"] * (len(answer.trace) - 3)
    assert {row["dropped"] for row in answer.trace} <= STAGES
    for row in answer.trace:
        assert (row["dropped"] is None) == (row["reason"] is None) == bool(row["chosen"])
        assert {"lexical_rank", "dense_rank", "fused_rank", "rerank_rank", "rerank"} <= set(row)
    quoted = [(one["start"], one["end"]) for row in answer.trace for one in row["chosen"]]
    assert quoted and set(quoted) <= {(c.start, c.end) for c in answer.citations}
    first = next(row for row in answer.trace if row["rerank_rank"] == 1)
    assert first["clause"]["score"] == first["rerank"] == max(row["rerank"] or 0 for row in answer.trace)


def test_a_draft_that_is_not_sure_enough_is_dropped_by_confidence(assistant: Assistant) -> None:
    answer = assistant.ask("松岭机械的揉捻机在火星上的售价是多少", explain=True)
    assert answer.refused and answer.trace and answer.understood
    assert not any(row["dropped"] is None for row in answer.trace)
    assert answer.understood[0]["confidence"] < answer.understood[0]["refuse_below"]


def test_how_the_question_was_read(assistant: Assistant) -> None:
    answer = assistant.ask("青河铁路全长多少公里？舒宁片的有效期是多久？", explain=True)
    assert answer.understood is not None and answer.trace is not None
    assert [part["kind"] for part in answer.understood] == ["number", "number"]
    assert any(term["text"] == "舒宁片" or "舒宁" in term["text"] for term in answer.understood[1]["terms"])
    assert {row["question"] for row in answer.trace} == {part["question"] for part in answer.understood}


def test_without_explain_nothing_is_told(assistant: Assistant) -> None:
    answer = assistant.ask("青河铁路全长多少公里")
    assert answer.trace is None and answer.understood is None
    assert not {"trace", "understood"} & set(answer.as_dict())
