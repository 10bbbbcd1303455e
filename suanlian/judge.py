"""``suanlian judge``: statements of a language model drawn by lot for a reader, and what his judgements say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suanlian import console
from suanlian.options import JsonOption

judge = typer.Typer(
    name="judge",
    help="人工判读语言模型的陈述：核对前后的忠实度。 Statements of a language model judged by a reader, before and after the check.",
    no_args_is_help=True,
)


@judge.command()
def draw(
    statements: Annotated[
        Path, typer.Argument(help="suanlian eval --statements 写出的文件 the file that eval --statements wrote")
    ],
    count: Annotated[
        int, typer.Option("--draw", min=1, help="核对前、后各抽多少条 how many before the check, and as many after")
    ] = 100,
    seed: Annotated[int, typer.Option(help="抽签的种子；同一种子抽出同一批 the same seed draws the same")] = 7,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="判读表，.csv 或 .jsonl the sheet to fill in", show_default=True)
    ] = Path("sheet.csv"),
) -> None:
    """抽签写出判读表，答案键放在旁边。 Draw statements by lot into a sheet; its key stands beside it."""
    from evals.judging import draw as drawn_by_lot
    from evals.sheets import check_new, key_of, write_sheet
    from evals.statements import read_statements

    check_new(out)
    pairs, key = drawn_by_lot(read_statements(statements), count, seed)
    write_sheet(out, pairs, key)
    before, after = sum(bool(each.written) for each in key), sum(bool(each.said) for each in key)
    console.print_note(
        f"{out}: {len(pairs)} 行待判读 rows to judge (核对前 before {before}, 核对后 after {after})", mark="✓ "
    )
    console.print_note(
        f"在 supported 列填 yes 或 no，判读完再看 {key_of(out)} fill in supported with yes or no; leave the key shut until then"
    )


@judge.command()
def score(
    sheet: Annotated[Path, typer.Argument(help="填好的判读表 the sheet, filled in")],
    key: Annotated[
        Path | None, typer.Option("--key", help="答案键 its key", show_default="判读表旁边 beside the sheet")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """判读结果：核对前后的忠实度，核对与读者的一致。 Faithfulness before and after, and how the check agrees with the reader."""
    from evals.judging import judged, told
    from evals.sheets import key_of, read_key, read_sheet

    found = judged(read_sheet(sheet), read_key(key or key_of(sheet)))
    if as_json:
        console.print_json(found)
    else:
        for line in told(found):
            console.out.print(line, highlight=False, markup=False)
