"""``docs/contract.md`` names the tests that hold each promise; those that it names are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "docs" / "contract.md"
ROWS = [
    tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| promise |")
]


def test_there_are_promises() -> None:
    assert len(ROWS) > 60
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", [pytest.param(row, id=row[0]) for row in ROWS])
def test_the_tests_of_a_promise_are_there(row: tuple[str, ...]) -> None:
    _, named = row
    tests = named.split(", ")
    assert len(tests) == len(set(tests))
    for test in tests:
        path, _, function = test.strip("`").partition("::")
        assert test == f"`{path}::{function}`"
        defined = ast.parse((TESTS / path).read_text(encoding="utf-8")).body
        assert function.startswith("test_")
        assert function in {node.name for node in defined if isinstance(node, ast.FunctionDef)}, test
