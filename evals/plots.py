"""Three plots of a run as inline SVG, drawn by matplotlib without its global ``pyplot``.

Colours are the page's own CSS variables, so that a plot follows it into the dark; letters stay text, in the page's font.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# matplotlib knows no CSS variables: each stands in for one, and is put right in the text of the SVG.
_COLOURS = {
    "ink": "#010101",
    "soft": "#020202",
    "line": "#030303",
    "first": "#040404",
    "second": "#050505",
    "tint": "#060606",
}
_SERIES = (("first", "-"), ("second", "--"))
_SIZE = (4.6, 3.3)  # inches, at 72 units an inch


def risk_coverage(curves: Mapping[str, Sequence[tuple[float, float]]], *, name: str) -> str:
    """Share of wrong answers (down) against the share answered (across), up to two curves by their label.

    Args:
        curves: of each label its points ``(coverage, risk)``, coverage rising. name: goes into the ids of the SVG.
    """

    def draw(axes: Axes) -> None:
        for (label, points), (colour, dash) in zip(curves.items(), _SERIES, strict=False):
            coverage, risk = [0.0, *(c for c, _ in points)], [points[0][1], *(r for _, r in points)]
            axes.plot(coverage, risk, dash, color=_COLOURS[colour], linewidth=1.8, label=label)
        highest = max(risk for points in curves.values() for _, risk in points)
        axes.set(xlim=(0, 1), ylim=(0, max(0.1, min(1.0, highest * 1.15))))
        axes.set(xlabel="覆盖率 coverage", ylabel="错误率 risk")
        _legend(axes, curves)

    return _svg(draw, name)


def reliability(diagrams: Mapping[str, Sequence[tuple[float, float, int]]], *, name: str) -> str:
    """How often an answer is right (down) against the confidence that it was given with (across).

    Args:
        diagrams: of each label its bins ``(mean confidence, share of right ones, count)``; a point's area is its count.
    """

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], ":", color=_COLOURS["soft"], linewidth=1)
        for (label, bins), (colour, dash) in zip(diagrams.items(), _SERIES, strict=False):
            sure, right, count = zip(*bins, strict=True)
            area = 20 + 220 * np.array(count) / max(count)
            axes.plot(sure, right, dash, color=_COLOURS[colour], linewidth=1.3, label=label)
            axes.scatter(sure, right, s=area, color=_COLOURS[colour], alpha=0.75, linewidths=0)
        axes.set(xlim=(0, 1), ylim=(0, 1.03), xlabel="置信度 confidence", ylabel="正确率 share right")
        _legend(axes, diagrams)

    return _svg(draw, name)


def latency(milliseconds: Mapping[str, Sequence[float]], *, name: str) -> str:
    """How many questions (down) took how long (across, ms). What lies beyond the 99th percentile is cut off."""

    def draw(axes: Axes) -> None:
        values = [np.asarray(each, dtype=float) for each in milliseconds.values()]
        end = max(float(np.quantile(each, 0.99)) for each in values) * 1.05 or 1.0
        edges = np.linspace(0, end, 31)
        for (label, each), (colour, dash) in zip(zip(milliseconds, values, strict=True), _SERIES, strict=False):
            counts, _ = np.histogram(each, edges)
            if colour == "first":
                axes.stairs(counts, edges, fill=True, color=_COLOURS["tint"])
            axes.stairs(counts, edges, color=_COLOURS[colour], linestyle=dash, linewidth=1.5, label=label)
        axes.set(xlim=(0, end), xlabel="毫秒 ms", ylabel="题数 questions")
        axes.locator_params(axis="y", integer=True)
        _legend(axes, milliseconds)

    return _svg(draw, name)


def _legend(axes: Axes, series: Mapping[str, Any]) -> None:
    if len(series) > 1:
        axes.legend(frameon=False, labelcolor=_COLOURS["ink"])


def _svg(draw: Callable[[Axes], None], name: str) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    written = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name, "font.size": 11}), warnings.catch_warnings():
        # The letters are the browser's to draw; matplotlib's own font need not hold them.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ ")
        figure = Figure(figsize=_SIZE, layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.add_subplot()
        _plain(axes)
        draw(axes)
        none = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(written, format="svg", metadata=none)
    return _inline(written.getvalue(), name)


def _plain(axes: Axes) -> None:
    axes.patch.set_alpha(0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_COLOURS["line"])
    axes.tick_params(colors=_COLOURS["soft"], length=0, labelsize=10)
    axes.grid(color=_COLOURS["line"], linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.label.set_color(_COLOURS["ink"])
    axes.yaxis.label.set_color(_COLOURS["ink"])


def _inline(svg: str, name: str) -> str:
    """The element alone, in the page's colours, with ids that no other plot of the page has."""
    svg = svg[svg.index("<svg") :]
    for variable, colour in _COLOURS.items():
        svg = svg.replace(colour, f"var(--plot-{variable})")
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#|href=\"#", lambda found: f"{found[0]}{name}-", svg)
    svg = re.sub(r"<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)  # a style would reach the whole page
    svg = re.sub(r" font-family: [^;\"]*;", "", svg)
    return re.sub(r' (width|height)="[^"]*pt"', "", svg, count=2)
