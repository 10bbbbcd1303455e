"""Runs as one HTML page that needs nothing else: no request leaves it, and no text of theirs can run in it.

Every text is escaped by Jinja2; beyond that the page's own policy lets no script run but the one that the page is made
with, which it names by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from evals.page_view import view
from evals.runs import Run
from rag import InputError


def page(runs: Sequence[Run], before: Sequence[Run] = (), *, source: str = "") -> str:
    """The report of one or more runs, as HTML.

    Args:
        before: earlier runs; each run is shown beside the one of its set's name. source: what was asked, such as a
            service's URL or a folder.

    Raises:
        InputError: a package of the extra ``eval`` is missing.
    """
    check_installed()
    return render("report.html", view(runs, before, source=source))


def write_page(path: Path, runs: Sequence[Run], before: Sequence[Run] = (), *, source: str = "") -> None:
    """:func:`page` in a file (UTF-8); folders on the way are made."""
    text = page(runs, before, source=source)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def check_installed() -> None:
    """Whether a report can be made. Raises InputError, which names the extra to install, where it cannot."""
    if missing := [name for name in ("jinja2", "matplotlib") if find_spec(name) is None]:
        raise InputError(
            f"The report needs {' and '.join(missing)}: pip install 'suanlian[eval]'.",
            f"生成报告需要 {'、'.join(missing)}：pip install 'suanlian[eval]'。",
        )


def render(template: str, shown: Mapping[str, Any]) -> str:
    """A template of ``evals/templates`` with its values, and with the page's style and script.

    Raises:
        InputError: a package of the extra ``eval`` is missing.
    """
    check_installed()
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    script = _text("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(template).render(
        **shown, css=Markup(_text("report.css")), js=Markup(script), script_hash=f"sha256-{digest}"
    )


def _text(name: str) -> str:
    return files("evals").joinpath("templates", name).read_text(encoding="utf-8")
