"""Plots as inline SVG."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from evals import plots

pytest.importorskip("matplotlib")

NOW, BEFORE = "本次 now", "上次 before"
DRAWN = {
    "risk": lambda name: plots.risk_coverage({NOW: [(0.5, 0.0), (1.0, 0.2)], BEFORE: [(1.0, 0.4)]}, name=name),
    "sure": lambda name: plots.reliability({NOW: [(0.2, 0.5, 3), (0.9, 1.0, 9)], BEFORE: [(0.5, 0.5, 1)]}, name=name),
    "time": lambda name: plots.latency({NOW: [3.0, 4.0, 9.0], BEFORE: [5.0]}, name=name),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_an_svg_that_takes_its_colours_and_its_font_from_the_page(kind: str) -> None:
    svg = DRAWN[kind]("one")
    root = ElementTree.fromstring(svg)
    assert root.tag.endswith("svg")
    assert not re.search(r"#0\d0\d0\d", svg)
    assert "var(--plot-first)" in svg
    assert "font-family" not in svg
    assert "<style" not in svg
    words = [text for text in root.itertext() if text.strip()]
    assert NOW in words
    assert BEFORE in words


@pytest.mark.parametrize("kind", DRAWN)
def test_ids_are_the_plot_s_own_and_every_reference_has_one(kind: str) -> None:
    one, two = (set(re.findall(r'\bid="([^"]+)"', DRAWN[kind](name))) for name in ("one", "two"))
    assert one
    assert not one & two
    assert set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', DRAWN[kind]("one")))
    named = {a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', DRAWN[kind]("one"))}
    assert named <= one


def test_the_same_figures_draw_the_same_plot() -> None:
    assert DRAWN["risk"]("one") == DRAWN["risk"]("one")


@pytest.mark.parametrize("times", [[0.0], [0.0, 0.0], [12.5], [1.0, 1000.0]])
def test_latencies_of_any_spread(times: list[float]) -> None:
    ElementTree.fromstring(plots.latency({NOW: times}, name="x"))


def test_one_answer_and_no_risk() -> None:
    ElementTree.fromstring(plots.risk_coverage({NOW: [(1.0, 0.0)]}, name="x"))
    ElementTree.fromstring(plots.reliability({NOW: [(0.0, 0.0, 1)]}, name="x"))
