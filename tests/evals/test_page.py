"""The HTML report."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from evals import page as report
from evals.metrics import ece
from evals.page import page, write_page
from evals.runs import Run
from evals.score import MEANS, MEDIANS
from evals.sets import Point
from evals.words import FIGURES, figure
from rag import InputError
from tests.evals.samples import answer, one, question, ranking, refusal, some

pytest.importorskip("matplotlib")
pytest.importorskip("jinja2")

HOSTILE = "</script><script>window.ran=1</script><img src=x onerror='window.ran=1'>\" onmouseover=\"window.ran=1"


def hostile_run() -> Run:
    """A run in which every text that can be is hostile."""
    asked = question(
        "q-" + HOSTILE,
        HOSTILE,
        question=HOSTILE,
        kind=HOSTILE,
        segment=HOSTILE,
        items=(HOSTILE,),
        points=(Point(("缺",)), Point((HOSTILE,))),
        history=({"role": "user", "content": HOSTILE}, {"role": HOSTILE, "content": HOSTILE}),
    )
    said = answer(HOSTILE, quote=HOSTILE, standalone_question="问：" + HOSTILE, missing=(HOSTILE,), config=HOSTILE)
    document = replace(said.citations[0].document, title=HOSTILE, source=HOSTILE, derived_from=HOSTILE)
    cited = replace(said.citations[0], document=document, section=(HOSTILE,))
    row = {
        "document": HOSTILE,
        "section": [HOSTILE],
        "start": 0,
        "end": 1,
        HOSTILE: HOSTILE,
        "clause": {"text": HOSTILE},
    }
    said = replace(said, citations=(cited,), trace=(row, {"other": {HOSTILE: [HOSTILE]}}))
    found = ranking(True)
    found = replace(found, retrieved=(replace(found.retrieved[0], title=HOSTILE, section=(HOSTILE,), text=HOSTILE),))
    return Run(HOSTILE, (one(asked, said, found), *some()))


def tags(soup: BeautifulSoup, *names: str) -> list[Tag]:
    return [tag for tag in soup.find_all(list(names)) if isinstance(tag, Tag)]


def test_no_text_of_a_run_becomes_markup() -> None:
    run = hostile_run()
    html = page([run], [replace(run, scored=some(frozenset({1})))], source=HOSTILE)
    soup = BeautifulSoup(html, "lxml")
    (script,) = tags(soup, "script")
    assert "window.ran" not in script.text
    assert not tags(soup, "img", "iframe", "object", "embed", "link", "base")
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on")]
    assert soup.text.count(HOSTILE) > 10


def test_the_page_asks_for_nothing_and_lets_no_other_script_run() -> None:
    html = page([Run("own", some(frozenset({3})))])
    soup = BeautifulSoup(html, "lxml")
    links = [str(tag[name]) for tag in soup.find_all(True) for name in ("href", "src", "xlink:href") if tag.get(name)]
    assert [link for link in links if not link.startswith("#")] == []
    assert set(re.findall(r"https?://[^\s\"'<]+", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    (script,) = tags(soup, "script")
    digest = base64.b64encode(hashlib.sha256(str(script.string).encode()).digest()).decode()
    policy = next(str(tag["content"]) for tag in tags(soup, "meta") if tag.get("http-equiv"))
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_every_failure_is_shown_whole_and_nothing_that_is_right() -> None:
    wrong = one(
        question("q-wrong", "1880年", history=({"role": "user", "content": "磨坊在哪里？"},)),
        answer(
            "磨坊很大。[1]", quote="磨坊很大。", trace=({"document": "doc_mill", "section": [], "start": 0, "end": 5},)
        ),
    )
    answered = one(question("q-answered", answerable=False), answer())
    refused = one(question("q-refused"), refusal())
    moved = one(question("q-moved"), answer(), verbatim=False)
    right = one(question("q-right"), answer())
    soup = BeautifulSoup(page([Run("own", (wrong, answered, refused, moved, right))]), "lxml")
    cases = soup.select("#set-1-failures > details")
    why = {case.select_one(".id").text: case["data-reasons"] for case in cases}  # type: ignore[union-attr]
    assert why == {"q-wrong": "points", "q-answered": "answered", "q-refused": "refused", "q-moved": "verbatim"}
    shown = cases[0].text
    for words in (
        "磨坊在哪里？",
        "磨坊很大。[1]",
        "1880年",
        "[1] 磨坊 › 磨坊 › 历史 · 0–5",
        "检索到的段落",
        "判断过程",
    ):
        assert words in shown
    kinds = [option["value"] for option in soup.select("select[name=kind] option")]
    assert kinds == ["", "number", "unanswerable"]


def test_two_runs_side_by_side() -> None:
    before, now = Run("own", some(frozenset(range(8)))), Run("own", some(frozenset({0, 15})))
    soup = BeautifulSoup(page([now], [before]), "lxml")
    heads = {head.text.split(" ")[0]: head for head in soup.find_all("h3")}
    changed = {
        name: [str(tag.text) for tag in heads[name].find_next_sibling("div").select(".id")]  # type: ignore[union-attr]
        for name in ("变差的题", "变好的题")
    }
    assert changed == {"变差的题": ["q15"], "变好的题": [f"q{at}" for at in range(1, 8)]}
    row = next(row for row in soup.find_all("tr") if row.th and row.th.text.startswith("全对 fully"))
    assert [cell.text for cell in row.find_all("td")][:3] == ["20", "60.0%", "90.0%"]
    assert row.find_all("td")[-1].text == "0.070"
    assert [figure.svg.text.count("上次 before") for figure in soup.find_all("figure")] == [1, 1, 1]


def test_a_run_is_shown_beside_the_earlier_one_of_its_name() -> None:
    runs = [Run("own", some()), Run("other", some())]
    soup = BeautifulSoup(page(runs, [Run("other", some(frozenset({1})))]), "lxml")
    compared = [section["id"] for section in soup.select("section") if "逐题对照" in section.text]
    assert compared == ["set-2"]
    assert [link["href"] for link in soup.select("nav a")] == ["#set-1", "#set-2"]


@pytest.mark.parametrize(
    "scored",
    [
        (one(question(), answer()),),
        (one(question(), refusal()),),
        (one(question(answerable=False), refusal(), ranking()),),
        tuple(one(question(f"q{at}"), refusal(0.0)) for at in range(3)),
    ],
    ids=["one right", "one refused", "one without an answer", "all refused"],
)
def test_runs_too_small_for_a_figure(scored: Any) -> None:
    soup = BeautifulSoup(page([Run("own", scored)]), "lxml")
    assert "nan" not in soup.text.lower()
    assert "None" not in soup.text.replace("None.", "")


def test_every_figure_has_a_name() -> None:
    for name in (*MEANS, *MEDIANS, *(f"{name}_median" for name in MEDIANS), ece.__name__.rpartition(".")[2]):
        assert name in FIGURES
    assert figure("of_another_day").zh == "of another day"


def test_without_its_packages_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"jinja2 and matplotlib: pip install 'suanlian\[eval\]'"):
        page([Run("own", some())])


def test_it_is_written_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    write_page(path, [Run("own", some())])
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
