"""``suanlian bench``: public benchmarks, from files that the user names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from suanlian import console
from suanlian.options import JsonOption

bench = typer.Typer(
    name="bench",
    help="公开评测集上的检索与回答，用完即弃的索引。 Public benchmarks, in an index that is gone afterwards.",
    no_args_is_help=True,
)

DataOption = Annotated[Path, typer.Option("--data", help="评测集自己的文件 the benchmark's own file")]
HalfOption = Annotated[
    Literal["tune", "report"] | None, typer.Option(help="哪一半题 which half", show_default="两半都测 both")
]
LimitOption = Annotated[int | None, typer.Option(min=1, help="最多多少道题 at most so many questions")]
FloorsOption = Annotated[bool, typer.Option("--floors", help="同时测简单做法 also measure plain BM25 and rank fusion")]
DistractorsOption = Annotated[
    Path | None,
    typer.Option("--distractors", help="混入的新闻，每行一篇（CRUD-RAG） news to lie among, an article a line"),
]
NumberOption = Annotated[
    int, typer.Option("--distractor-passages", min=1, help="混入多少段新闻 how many passages of news")
]


@bench.command()
def cmrc2018(
    data: DataOption,
    half: HalfOption = None,
    limit: LimitOption = None,
    floors: FloorsOption = False,
    distractors: DistractorsOption = None,
    distractor_passages: NumberOption = 5000,
    as_json: JsonOption = False,
) -> None:
    """CMRC2018：简体阅读理解。 Retrieval, answers and citations, Simplified."""
    _squad("cmrc2018", data, half, limit, floors, distractors, distractor_passages, as_json)


@bench.command()
def drcd(
    data: DataOption,
    half: HalfOption = None,
    limit: LimitOption = None,
    floors: FloorsOption = False,
    distractors: DistractorsOption = None,
    distractor_passages: NumberOption = 5000,
    as_json: JsonOption = False,
) -> None:
    """DRCD：繁体阅读理解。 Retrieval, answers and citations, Traditional."""
    _squad("drcd", data, half, limit, floors, distractors, distractor_passages, as_json)


def _squad(
    name: str,
    data: Path,
    half: Literal["tune", "report"] | None,
    limit: int | None,
    floors: bool,
    distractors: Path | None,
    distractor_passages: int,
    as_json: bool,
) -> None:
    from evals.benchmarks.asked import ask
    from evals.benchmarks.crud import load_news
    from evals.benchmarks.figures import as_rows, figures
    from evals.benchmarks.floors import floor_figures
    from evals.benchmarks.halves import by_half, show
    from evals.benchmarks.indexed import indexed
    from evals.benchmarks.squad import load_squad
    from rag import load_settings

    settings = load_settings()
    benchmark = load_squad(data)
    questions = benchmark.chosen(half, limit)
    news = load_news(distractors, distractor_passages, max_chars=settings.passage_chars) if distractors else ()
    with (
        console.progress() as (advance, _),
        indexed((*benchmark.paragraphs, *news), settings, progress=advance) as made,
    ):
        asked = []
        for number, question in enumerate(questions, 1):
            asked.append(ask(question, made.assistant, made.documents))
            advance("提问 asking", number, len(questions))
        halves = by_half(asked, figures)
        if floors:
            for each, found in halves.items():
                found["floors"] = floor_figures(
                    [q for q in questions if q.half == each], made.assistant, made.documents
                )
    facts = {"paragraphs": len(benchmark.paragraphs), "news_articles": len(news), **made.build_figures()}
    if as_json:
        console.print_json({"benchmark": name, "index": facts, "halves": halves, "questions": as_rows(asked)})
    else:
        show(name, halves, console.out)
        console.print_facts(facts)


@bench.command()
def rgb(
    data: DataOption,
    half: HalfOption = None,
    limit: LimitOption = None,
    passages: Annotated[
        int, typer.Option(min=1, help="噪声测试中每题几段 passages a question in the test of noise")
    ] = 10,
    as_json: JsonOption = False,
) -> None:
    """RGB（zh、zh_refine、zh_int）：拒答、抗噪、多段综合、检索。 Refusal, noise, integration, retrieval."""
    from evals.benchmarks.halves import by_half, show
    from evals.benchmarks.indexed import indexed
    from evals.benchmarks.rgb import chosen, load_rgb
    from evals.benchmarks.rgb import passages as passages_of
    from evals.benchmarks.rgb_asked import RgbAsker, ask_all
    from evals.benchmarks.rgb_figures import as_rows, figures
    from rag import load_settings

    every = load_rgb(data)
    paragraphs = passages_of(every)
    with (
        console.progress() as (advance, _),
        indexed(tuple(paragraphs.values()), load_settings(), progress=advance) as made,
    ):
        ids = {text: made.documents[paragraph.id].id for text, paragraph in paragraphs.items()}
        asked = ask_all(chosen(every, half, limit), RgbAsker(made, ids, count=passages), advance)
    halves, facts = by_half(asked, figures), made.build_figures()
    if as_json:
        console.print_json({"benchmark": "rgb", "index": facts, "halves": halves, "questions": as_rows(asked)})
    else:
        show(f"RGB {data.name}", halves, console.out)
        console.print_facts(facts)


@bench.command()
def peers(
    data: DataOption,
    half: HalfOption = None,
    limit: LimitOption = None,
    peer: Annotated[
        list[str] | None,
        typer.Option(
            "--peer",
            help="只比这些，可重复 only these: suanlian, langchain, llama_index, haystack, txtai",
            show_default="全部 all",
        ),
    ] = None,
    beside_model: Annotated[
        bool,
        typer.Option(
            "--beside-model",
            help="不计向量模型的时间 leave the embedding model's time out; far quicker on a slow machine",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """与其他框架对比检索（CMRC2018、DRCD 的文件）。 Retrieval beside other frameworks; needs the extra `peers`."""
    from evals.benchmarks.peers import OURS, peers_named
    from evals.benchmarks.peers.figures import as_rows, show
    from evals.benchmarks.peers.run import compare
    from evals.benchmarks.squad import load_squad
    from rag import load_settings

    others = peers_named(peer or [])
    benchmark = load_squad(data)
    questions = benchmark.chosen(half, limit)
    with console.progress() as (advance, _):
        rows = compare(
            others,
            benchmark,
            questions,
            load_settings(),
            ours=not peer or OURS in peer,
            beside_model=beside_model,
            progress=advance,
        )
    if as_json:
        console.print_json({"benchmark": data.name, "questions": len(questions), "rows": as_rows(rows)})
    else:
        show(f"{data.name}: {len(questions)} questions", rows, console.out)
