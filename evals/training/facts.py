"""Fits the weights that the bare fact is read with: ``python -m evals.training.facts --help``; see ``docs/training.md``."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from evals.training.crossvalidation import Read, cross_validated, read
from evals.training.examples import Example, squad_examples
from evals.training.loglinear import Penalty, fit
from rag import load_settings
from rag.answer.spans_weights import Weights, fitted

_REMARK = "Written by: python -m evals.training.facts (docs/training.md). Not to be changed by hand."
FileOption = Annotated[Path, typer.Option(exists=True, dir_okay=False)]


def main(
    cmrc2018: FileOption,
    drcd: FileOption,
    out: Annotated[Path | None, typer.Option(help="where to write; without it, nothing is written")] = None,
    by_type: Annotated[bool, typer.Option("--by-type", help="the figures of each type of answer, too")] = False,
) -> None:
    """Fit on the tuning halves of CMRC2018 (trial) and DRCD (dev), and print how well held-out articles are read.

    ``--out rag/answer/spans_weights.txt`` puts the weights where the library reads them.
    """
    console = Console()
    examples: list[Example] = []
    for path in (cmrc2018, drcd):
        found, asked = squad_examples(path, load_settings())
        console.print(f"{path.stem}: {asked} questions, {len(found)} ask for a fact, {_known(found)} have it in reach")
        examples += found
    penalty = Penalty()
    held_out = cross_validated(examples, penalty)
    weights = fit(examples, penalty)
    console.print(f"{count(weights)} weights")
    table = Table("material", "read with", "questions", "F1", "exact", "clause", show_edge=False)
    for name, reads in (
        ("weights of the other folds", held_out),
        ("the weights fitted", read(examples, weights)),
        ("the library's weights until now", read(examples, fitted())),
    ):
        for row in figures(reads, by_type and reads is held_out):
            table.add_row(row[0], name, *row[1:])
    console.print(table)
    if out is not None:
        out.write_text(weights.text(_REMARK), encoding="utf-8")
        console.print(f"written: {out}")


def count(weights: Weights) -> int:
    """How many weights there are."""
    return len(weights.general) + sum(len(own) for own in weights.own.values())


def figures(reads: Sequence[Read], by_type: bool = False) -> list[tuple[str, ...]]:
    """A row a material (and a type of answer): its name, how many questions, and the means of their scores."""
    groups: dict[str, list[dict[str, float]]] = {}
    for one in reads:
        groups.setdefault(one.example.material, []).append(one.scores())
        if by_type:
            groups.setdefault(f"{one.example.material} {one.example.sought.sort}", []).append(one.scores())
    return [
        (name, str(len(rows)), *(f"{statistics.fmean(row[key] for row in rows):.3f}" for key in ("f1", "em", "clause")))
        for name, rows in sorted(groups.items())
    ]


def _known(examples: Sequence[Example]) -> int:
    return sum(example.known for example in examples)


if __name__ == "__main__":
    typer.run(main)
