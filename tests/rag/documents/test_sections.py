from rag.documents.pieces import Piece
from rag.documents.sections import find


def bold(text: str, length: int | None = None) -> Piece:
    return Piece("paragraph", text, bold=((0, len(text) if length is None else length),))


def plain(text: str) -> Piece:
    return Piece("paragraph", text)


def shown(pieces: list[Piece]) -> list[tuple[int, str]]:
    return [(piece.level if piece.kind == "heading" else 0, piece.text) for piece in find(pieces)]


def test_parts_lines_and_lead_ins_nest() -> None:
    pieces = [
        Piece("heading", "茶业链", level=1),
        plain("*01**"),
        bold("上游：种植"),
        bold("茶种"),
        bold("绿茶：是一类茶。", 3),
        plain("它不发酵。"),
        bold("红茶：发酵。", 2),
        plain("02"),
        bold("下游"),
        plain("卖茶。"),
    ]
    assert shown(pieces) == [
        (1, "茶业链"),
        (2, "上游：种植"),
        (3, "茶种"),
        (4, "绿茶"),
        (0, "是一类茶。"),
        (0, "它不发酵。"),
        (4, "红茶"),
        (0, "发酵。"),
        (2, "下游"),
        (0, "卖茶。"),
    ]


def test_without_parts_bold_lines_are_one_level_below_the_heading() -> None:
    assert shown([Piece("heading", "茶", level=2), bold("绿茶"), plain("香。"), bold("产地：杭州。", 3)]) == [
        (2, "茶"),
        (3, "绿茶"),
        (0, "香。"),
        (4, "产地"),
        (0, "杭州。"),
    ]


def test_numbered_bold_lines_are_parts() -> None:
    pieces = [bold("一、种植"), bold("茶种"), plain("香。")]
    assert shown(pieces) == [(2, "一、种植"), (3, "茶种"), (0, "香。")]


def test_what_is_no_heading() -> None:
    pieces = [
        bold("这是一句加粗的话。"),
        bold("图1 茶叶产量"),
        bold("注意：水温不可过高。", 3),
        bold("甲" * 41),
        bold("一个很长很长很长很长很长很长很长很长的引语：后文。", 22),
        plain("12"),
        plain("段落。"),
        Piece("item", "绿茶：香", bold=((0, 3),)),
    ]
    assert find(pieces) == pieces


def test_text_that_is_all_bold_has_no_headings() -> None:
    pieces = [bold(f"第{n}行粗体") for n in range(8)]
    assert find(pieces) == pieces
