from rag.documents.lines import Line, pieces


def shown(text: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces([Line(line) for line in text.split("\n")])]


def test_every_line_is_a_paragraph_where_lines_are_whole_paragraphs() -> None:
    long = "显存很大，" * 40 + "完。"
    assert shown(f"{long}\n短的一段\n{long}") == [("paragraph", long), ("paragraph", "短的一段"), ("paragraph", long)]


def test_lines_broken_by_the_margin_are_joined() -> None:
    text = """显存的带宽决定了推理的速度，因此选购时应当留
意它的容量和位宽，还要看它的功耗与散热的设计
如何。
下一段从这里开始，它也在行末被截断而后又接到
下一行。"""
    assert shown(text) == [
        ("paragraph", "显存的带宽决定了推理的速度，因此选购时应当留意它的容量和位宽，还要看它的功耗与散热的设计如何。"),
        ("paragraph", "下一段从这里开始，它也在行末被截断而后又接到下一行。"),
    ]


def test_numbered_headings() -> None:
    text = "第一章 总览\n这一章讲显存。\n一、容量\n容量越大越好。\n（一）选购\n看预算。\n1.1 位宽\n位宽越大越好。"
    found = pieces([Line(line) for line in text.split("\n")])
    assert [(piece.text, piece.level) for piece in found if piece.kind == "heading"] == [
        ("第一章 总览", 3),
        ("一、容量", 5),
        ("（一）选购", 6),
        ("1.1 位宽", 5),
    ]


def test_a_row_of_numbered_lines_is_no_row_of_headings() -> None:
    text = "目录\n第一章 总览\n第二章 细节\n第三章 附录\n正文开始。\n一、这一条是完整的句子。\n二、这一条也是。"
    assert all(kind != "heading" for kind, _ in shown(text))


def test_items() -> None:
    assert shown("要点：\n• 容量\n- 位宽\n1. 第一\n2、第二\n1.25 是速率。") == [
        ("paragraph", "要点："),
        ("item", "容量"),
        ("item", "位宽"),
        ("item", "1. 第一"),
        ("item", "2、第二"),
        ("paragraph", "1.25 是速率。"),
    ]


def test_a_line_that_the_file_calls_a_heading() -> None:
    (heading, paragraph) = pieces([Line("显存", 2, level=3), Line("它很大。", 2)])
    assert (heading.kind, heading.level, heading.page, paragraph.page) == ("heading", 3, 2, 2)


def test_a_paragraph_that_runs_over_a_page_knows_where() -> None:
    line = "显存的带宽决定了推理的速度，因此选购时应当留意"
    lines = [Line(line, 1), Line(line, 1), Line(line, 2), Line("它的容量。", 3), Line("另一段。", 3)]
    first, second = pieces(lines)
    size = len(line)
    assert (first.page, first.turns) == (1, ((2 * size, 2), (3 * size, 3)))
    assert (second.page, second.turns) == (3, ())
