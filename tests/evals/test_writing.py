"""How the answers of a run were made."""

from __future__ import annotations

import io

from bs4 import BeautifulSoup
from rich.console import Console

from evals.compare import compare
from evals.page import page
from evals.report import show
from evals.runs import Run
from evals.score import Scored
from evals.unanswered import unanswered
from evals.writing import told, writing
from rag import LanguageModelError, Repair, Statement, Usage
from tests.evals.samples import answer, one, question, refusal, some

USED = Usage("small", 800, 40)
MENDED = (Repair("replaced", "number", 0), Repair("dropped", "name"))
SAID = (Statement("磨坊建于1880年。", "quoted", (1,)),) * 3


def asked() -> tuple[Scored, ...]:
    late = LanguageModelError("It is late.", reason="late")
    return (
        one(question("q1"), answer(mode="llm", usage=USED, statements=SAID)),
        one(question("q2"), answer(mode="llm", usage=Usage("small", 1000, 60), repairs=MENDED)),
        one(question("q3"), answer(fallback="unsupported", usage=USED)),
        one(question("q4"), answer(fallback="late")),
        one(question("q5"), answer(fallback="late")),
        one(question("q6"), unanswered(question("q6"), late)),
        one(question("n1", answerable=False), unanswered(question("n1", answerable=False), late)),
        one(question("n2", answerable=False), refusal()),
    )


def test_the_questions_are_parted_by_how_they_were_answered() -> None:
    found = writing(asked())
    assert found is not None
    assert (found["written"], found["fallback"], found["unanswered"], found["without"]) == (2, 3, 2, 1)
    assert sum(found["shares"].values()) == 1
    assert found["fallback_by_reason"] == {"late": 2, "unsupported": 1}
    assert found["unanswered_by_reason"] == {"late": 2}
    assert (found["repairs"], found["repaired"], found["statements"]) == ({"replaced": 1, "dropped": 1}, 0.5, 4)
    assert found["tokens"] == {
        "models": ["small"],
        "answers": 3,
        "input": 2600,
        "output": 140,
        "input_median": 800,
        "output_median": 40,
    }


def test_a_model_that_fails_neither_answers_nor_refuses_well() -> None:
    failed, unanswerable = asked()[5:7]
    assert (failed.scores["fully_right"], failed.scores["false_refusal"], failed.scores["brevity"]) == (0.0, 0.0, None)
    assert unanswerable.scores["refusal"] == 0.0


def test_a_run_without_a_model_says_nothing_of_one() -> None:
    assert writing(some()) is None
    assert writing([]) is None
    kept = Run("own", some(), "extractive").as_dict()
    assert (kept["mode"], kept["writing"]) == ("extractive", None)


def test_a_run_keeps_its_mode_and_tells_it() -> None:
    run = Run("own", asked(), "llm")
    kept = run.as_dict()
    assert kept["writing"] == writing(asked())
    again = Run.from_dict(kept)
    assert (again.mode, again.label, again.as_dict()) == ("llm", "own (llm)", kept)
    assert run.about()["collection"] == "default"
    assert Run.from_dict({**kept, "mode": ""}).label == "own"
    del kept["mode"]  # of an earlier version
    assert Run.from_dict(kept).mode == ""


def test_modes_are_compared_under_their_names() -> None:
    found = compare(Run("own", some(), "extractive"), Run("own", some(frozenset({1})), "llm"))
    assert (found.a, found.b) == ("own (extractive)", "own (llm)")
    assert compare(Run("own", some(), "llm"), Run("own", some(), "llm")).a == "own"


def test_the_terminal_tells_shares_repairs_and_tokens() -> None:
    console = Console(file=io.StringIO(), width=80, soft_wrap=True)
    show("own", asked(), console)
    assert isinstance(console.file, io.StringIO)
    said = " ".join(console.file.getvalue().split())
    assert "模型所写 written 25.0% · 改用原文 fallback 37.5% (late 2, unsupported 1) ·" in said
    assert "没有作答 unanswered 25.0% (late 2) · 未问模型 without 12.5%" in said
    assert "换成原文 replaced 1 · 删去 dropped 1 ·" in said and "answers mended 50.0%" in said
    assert "读入 in 2600 · 写出 out 140" in said


def test_the_report_tells_them_beside_the_earlier_run() -> None:
    html = page([Run("own", asked(), "llm")], [Run("own", some(), "extractive")])
    soup = BeautifulSoup(html, "lxml")
    assert "方式 mode llm" in " ".join(soup.text.split())
    assert "fallback 37.5% (late 2, unsupported 1)" in soup.text
    why = {str(case.select_one(".id").text): case["data-reasons"] for case in soup.select("#set-1-failures > details")}  # type: ignore[union-attr]
    assert why == {"q6": "unanswered", "n1": "unanswered"}
    assert "语言模型没有作答 no answer: late" in soup.text
    assert "语言模型" not in BeautifulSoup(page([Run("own", some())]), "lxml").text


def test_lines_without_a_repair_say_so() -> None:
    found = writing([one(question(), answer(mode="llm"))])
    assert found is not None
    assert told(found)["修补 repairs"].startswith("无 none · ")
    assert "词元 tokens" not in told(found)
