"""A run in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from evals.compare import compare
from evals.report import show, show_comparison, show_failures
from evals.runs import Run
from tests.evals.samples import one, question, refusal, some


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=80, soft_wrap=True)


def shown(console: Console) -> str:
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_figures_have_their_intervals(console: Console) -> None:
    show("own", some(wrong=frozenset({0, 1})), console)
    said = " ".join(shown(console).split())
    assert "fully right .900 [.750, 1.00]" in said
    assert "hit@1 1.00" in said and "ndcg: 20 judged" in said
    assert "auroc" in said and "aurc" in said and "brier" in said and "ece" in said
    assert "answered" in said
    assert "quote brevity" in said
    assert "list recall" not in said  # no list was asked for


def test_the_table_of_kinds_fits_a_terminal(console: Console) -> None:
    show("own", some(), console)
    assert "unanswerable" in shown(console)
    assert "…" not in shown(console)


def test_nothing_asked_is_shown_as_nothing(console: Console) -> None:
    show("none", [], console)
    assert "none" in shown(console)


def test_a_comparison_names_what_changed(console: Console) -> None:
    show_comparison(compare(Run("old", some()), Run("new", some(wrong=frozenset(range(15)))[1:])), console)
    said = shown(console)
    assert "old → new" in said
    assert "fully_right 变差 worse: q1 q2" in said and "(+2)" in said
    assert "only there: q0" in said
    assert "unchanged: point_recall" not in said
    assert "…" not in said.split("fully_right 变差")[0]


def test_a_comparison_without_a_change_is_one_line(console: Console) -> None:
    show_comparison(compare(Run("old", some()), Run("new", some())), console)
    assert shown(console).startswith("没有变化 unchanged: fully_right")


def test_failures_show_what_was_said_and_should_have_been(console: Console) -> None:
    show_failures(some(wrong=frozenset({2})), console)
    assert "q2" in shown(console) and "应 1880年" in shown(console)
    assert "q3" not in shown(console)


def test_a_question_s_own_brackets_are_no_markup(console: Console) -> None:
    odd = one(question("q[/x]", question="谁[/bold]建的？"), refusal())
    show("[/own]", [odd], console)
    show_failures([odd], console)
    assert "q[/x] 谁[/bold]建的？" in shown(console)
