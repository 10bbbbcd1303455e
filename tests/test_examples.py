"""The examples in docstrings say what the code does."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHOWN = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("rag", "api", "evals", "suanlian")
    for path in sorted((ROOT / package).rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", SHOWN)
def test_examples(module: str) -> None:
    found = doctest.testmod(import_module(module.removesuffix(".__init__")))
    assert found.failed == 0


def test_there_are_examples() -> None:
    assert len(SHOWN) > 20
