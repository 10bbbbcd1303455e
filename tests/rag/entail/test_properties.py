"""What must hold for every statement: made of invented names, things and figures, and then changed by one thing."""

from hypothesis import given
from hypothesis import strategies as st

from rag.entail import REASONS, Source, entailed, is_instruction
from rag.text.words import Lexicon

PLAIN = Lexicon()
NAMES = ["松岭机械", "白石泵业", "青川股份", "云岭茶业", "北屿船厂", "南浦窑厂"]
THINGS = ["离心泵", "阀门", "红茶", "货船", "瓷器"]
ROLES = ["产量", "收入", "市占率", "成本"]
names = st.lists(st.sampled_from(NAMES), min_size=3, max_size=4, unique=True)
things = st.lists(st.sampled_from(THINGS), min_size=2, max_size=2, unique=True)
amounts = st.lists(st.integers(2, 99_999), min_size=3, max_size=3, unique=True)
anything = st.text(max_size=60) | st.text(
    alphabet="甲乙不未的是有、，。；：（）《》“”由被在2024年第一%亿元等和如果称 abc'-.,|\n", max_size=80
)


def clauses(who: list[str], what: list[str], much: list[int]) -> list[str]:
    """Clauses of every kind of build that the reading knows."""
    a, b, c = who[:3]
    x, y = what
    return [
        f"{a}生产{x}",
        f"{a}不生产{x}",
        f"{a}向{b}供应{x}",
        f"{a}收购{b}",
        f"{x}由{a}生产",
        f"{a}的产量为{much[0]}吨，收入为{much[1]}亿元",
        f"2024年{a}收入{much[0]}亿元，{b}收入{much[1]}亿元",
        f"国内{x}厂商有{a}、{b}和{c}",
        f"{a}、{b}、{c}等{x}厂商计划扩产{much[2]}吨",
        f"{a}表示，{b}已停产{x}",
        f"如果{a}停产，{b}将生产{y}",
        f"在{x}市场，份额排名第一的是{a}",
        f"除{a}外，{b}也生产{x}",
        f"{a}生产{x}，但不生产{y}",
        f"{a}由自研转为外购",
        f"{a}的{x}（不含配件）价格为{much[0]}元",
    ]


@given(names, things, amounts)
def test_a_whole_clause_is_carried_by_itself(who: list[str], what: list[str], much: list[int]) -> None:
    for clause in clauses(who, what, much):
        assert entailed(clause + "。", [Source(clause + "。")], PLAIN).supported, clause
        # beside another sentence, so that it is read and not only found again
        beside = Source(f"{clause}。{who[0]}位于白石市。")
        assert entailed(clause + "。", [beside], PLAIN).supported, clause


@given(names, things, amounts, st.integers(2, 99_999))
def test_no_other_figure_is_carried(who: list[str], what: list[str], much: list[int], other: int) -> None:
    for clause in clauses(who, what, much):
        for figure in much:
            if str(figure) in clause and other not in much:
                changed = clause.replace(str(figure), str(other))
                assert changed == clause or not entailed(changed, [Source(clause)], PLAIN).supported, changed


@given(names, things, amounts)
def test_no_swapped_figures_are_carried(who: list[str], what: list[str], much: list[int]) -> None:
    clause = f"{who[0]}的产量为{much[0]}吨，{who[1]}的产量为{much[1]}吨"
    swapped = f"{who[0]}的产量为{much[1]}吨，{who[1]}的产量为{much[0]}吨"
    assert not entailed(swapped, [Source(clause)], PLAIN).supported
    assert not entailed(f"{who[0]}的产量为{much[1]}吨", [Source(clause)], PLAIN).supported


@given(names, things)
def test_no_swapped_parts_are_carried(who: list[str], what: list[str]) -> None:
    a, b = who[:2]
    x, y = what
    for build in (
        "{a}向{b}供应{x}",
        "{a}收购{b}",
        "{a}是{b}的子公司",
        "{a}的{x}优于{b}的{x}",
        "{a}生产{x}，{b}生产{y}",
        "{a}为{b}代工{x}",
    ):
        clause = build.format(a=a, b=b, x=x, y=y)
        swapped = build.format(a=b, b=a, x=x, y=y)
        assert not entailed(swapped, [Source(clause)], PLAIN).supported, swapped


@given(names, things, amounts, st.sampled_from("不未"))
def test_no_negation_comes_or_goes(who: list[str], what: list[str], much: list[int], no: str) -> None:
    for clause in clauses(who, what, much):
        for verb in ("生产", "收购", "供应", "停产", "收入"):
            at = clause.find(verb)
            if at < 0:
                continue
            denied = clause[:at] + no + clause[at:]
            assert not entailed(denied, [Source(clause)], PLAIN).supported, denied
            assert not entailed(clause, [Source(denied)], PLAIN).supported, denied


@given(names, things, amounts)
def test_no_name_that_is_not_there_is_carried(who: list[str], what: list[str], much: list[int]) -> None:
    others = [name for name in NAMES if name not in who]
    for clause in clauses(who, what, much):
        for name in who[:3]:
            for other in (others[0], name[:2], name + "集团"):
                changed = clause.replace(name, other)
                assert changed == clause or not entailed(changed, [Source(clause)], PLAIN).supported, changed


@given(names, things, amounts, st.randoms(use_true_random=False))
def test_the_order_of_the_sources_changes_nothing(
    who: list[str], what: list[str], much: list[int], chance: object
) -> None:
    texts = clauses(who, what, much)
    statement = f"{who[0]}的产量为{much[0]}吨，国内{what[0]}厂商有{who[1]}、{who[2]}"
    sources = [Source(text) for text in texts]
    shuffled = list(sources)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = entailed(statement, sources, PLAIN), entailed(statement, shuffled, PLAIN)
    assert one.supported
    assert {sources[at] for at in one.rests_on} == {shuffled[at] for at in other.rests_on}


@given(anything, st.lists(st.builds(Source, anything, st.tuples(anything), anything, anything), max_size=4))
def test_it_never_raises(statement: str, sources: list[Source]) -> None:
    verdict = entailed(statement, sources, PLAIN)
    assert verdict.supported == (verdict.reason == "")
    assert verdict.supported or verdict.reason in REASONS
    assert all(0 <= at < len(sources) for at in verdict.rests_on)
    is_instruction(statement)


def test_a_long_statement_over_many_sources_is_read() -> None:
    statement = "，".join(f"第{n}号窑由白石窑厂于{1900 + n}年建成" for n in range(2, 110))[:2000]
    sources = [
        Source(f"第{n}号窑由白石窑厂于{1900 + n}年建成，松岭机械、青川股份等厂商生产离心泵。") for n in range(60)
    ]
    assert len(statement) > 1500
    assert not entailed(statement, sources, PLAIN).supported
    assert entailed(
        "，".join(f"第{n}号窑由白石窑厂于{1900 + n}年建成" for n in range(2, 30)), sources, PLAIN
    ).rests_on == tuple(range(2, 30))
