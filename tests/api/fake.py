"""A small assistant for the service's tests: real ``rag`` types over two invented documents, no model, no index.

What it answers is decided by a word of the question: 谁 a list, 多少 a short answer, 慢 waits for ``release``,
故障 a bug; anything else is refused. In a stream 停 waits after the first delta, 断 is a bug there.

Unless it is asked to be extractive, it also answers as if a language model had: 撰写 is written by one and mended, 中断 breaks off
after the first statement, 退回 falls back because the model was late, 不可用 raises that it is left alone for a while, and 失联
raises it in a stream behind the first delta.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from rag import (
    Answer,
    Assistant,
    Citation,
    CollectionNotFoundError,
    Document,
    Edge,
    Event,
    Filter,
    Graph,
    LanguageModelError,
    LanguageModelMissingError,
    Node,
    NotFoundError,
    SearchResult,
    Settings,
    events_of,
)
from rag.types import Block, DocumentRef, Item, Related, Repair, ShortAnswer, Statement, Usage

# The characters beyond the basic plane come before the quotes, so that offsets in UTF-16 units would be wrong.
TEA = """🍵𠮷岚茶业观察

概况
𠮷岚镇位于山谷之中，茶园面积为三千二百亩。镇上的茶叶以手工炒制为主。

上游：茶园
上游的种植企业主要有青禾茶园、云脚农场和松风合作社。它们在春季采摘鲜叶。

中游：加工
中游的加工企业有青禾茶厂和石桥制茶。石桥制茶建有两条自动化炒制线。
石桥制茶建有两条自动化炒制线，年产能约八十吨。
"""

POTTERY = """河湾陶艺札记

河湾村的陶土含铁量较高，烧成后呈暖褐色。村里有七座龙窑仍在使用。
"""


def _blocks(text: str) -> tuple[Block, ...]:
    """A line without a full stop is a heading, the first of level 1; another is a paragraph."""
    blocks: list[Block] = []
    start = 0
    for line in text.split("\n"):
        if line:
            heading = "。" not in line
            level = (2 if blocks else 1) if heading else 0
            blocks.append(Block("heading" if heading else "paragraph", start, start + len(line), level))
        start += len(line) + 1
    return tuple(blocks)


def _document(id: str, key: str, title: str, text: str, **more: Any) -> Document:
    return Document(id=id, key=key, title=title, text=text, blocks=_blocks(text), sha256=f"sha-{id}", **more)


DOCUMENTS = (
    _document(
        "doc_tea",
        "notes/tea.md",
        "𠮷岚镇茶业观察：从茶园到茶杯",
        TEA,
        source="https://example.com/tea",
        publisher="山谷通讯",
        derived_from="𠮷岚镇年鉴（二〇二四年版）",
        published="2024-03-18",
        tags=("tea",),
    ),
    _document(
        "doc_pottery", "notes/pottery.md", "河湾陶艺札记", POTTERY, published="2023-11-02", publisher="河湾文化站"
    ),
)


def _ref(document: Document) -> DocumentRef:
    return DocumentRef(
        id=document.id,
        version=document.version,
        title=document.title,
        source=document.source,
        derived_from=document.derived_from,
        published=document.published,
        publisher=document.publisher,
        tags=document.tags,
    )


def _passage(text: str, start: int) -> tuple[int, int]:
    """The span of the paragraph around ``start``."""
    return text.rfind("\n\n", 0, start) + 2, text.index("\n\n", start) if "\n\n" in text[start:] else len(text)


def cite(id: int, document: Document, quote: str, section: tuple[str, ...], *, last: bool = False) -> Citation:
    """A citation of the first (or last) place where ``quote`` stands in ``document``."""
    start = document.text.rindex(quote) if last else document.text.index(quote)
    begin, end = _passage(document.text, start)
    return Citation(id, _ref(document), section, None, quote, start, start + len(quote), document.text[begin:end], 0.9)


class FakeAssistant:
    """What the service needs of :class:`rag.Assistant`. ``calls`` holds what was asked of it."""

    collection = "default"
    generation = 12
    passages = 7

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.fingerprint = {"model": "none", "splitter": "1"}
        self.calls: list[dict[str, Any]] = []
        self.started = threading.Semaphore(0)
        self.release = threading.Event()
        self.told: list[str] = []
        self.let_go = threading.Event()
        self.warmed = 0
        self.closed = 0

    def ask(
        self,
        question: str | Sequence[Mapping[str, str]],
        *,
        mode: str = "auto",
        top_k: int | None = None,
        filter: Filter | None = None,
        explain: bool = False,
    ) -> Answer:
        self.calls.append({"question": question, "mode": mode, "top_k": top_k, "filter": filter, "explain": explain})
        self.check_mode(mode)
        text = question if isinstance(question, str) else question[-1]["content"]
        self.started.release()
        if "慢" in text:
            self.release.wait(10)
        if "故障" in text:
            raise RuntimeError("/secret/path broke")
        if mode != "extractive" and "不可用" in text:
            raise _paused()
        parts: dict[str, Any] = _list_answer() if "谁" in text else _fact() if "多少" in text else _refusal()
        times = {"rewrite": 0.1, "retrieve": 4.2, "rerank": 3.1}
        if mode != "extractive" and ("撰写" in text or "中断" in text):
            parts |= _written(whole="撰写" in text)
            times["write"] = 1500.0
        elif mode != "extractive" and "退回" in text:
            parts["fallback"] = "late"
            times["write"] = 20_000.0
        return Answer(
            id="ans_1",
            created=1_764_000_000,
            mode=parts.pop("mode", "extractive"),
            collection=self.collection,
            generation=self.generation,
            version="1.0.0",
            config="sha256:00",
            question=text,
            standalone_question=text,
            timings={**times, "answer": 0.8, "total": round(sum(times.values()) + 1.0, 2)},
            trace=({"passage": 0, "dropped": None},) if explain else None,
            **parts,
        )

    def check_mode(self, mode: str) -> None:
        if mode == "llm" and not self.settings.llm_model:
            raise LanguageModelMissingError("No language model is set.", "没有配置语言模型。", param="mode")

    def stream(
        self,
        question: str | Sequence[Mapping[str, str]],
        *,
        mode: str = "auto",
        top_k: int | None = None,
        filter: Filter | None = None,
        explain: bool = False,
    ) -> Iterator[Event]:
        """The events of :meth:`ask`. 停 in the question waits for ``release`` after the first delta, 断 and 失联 fail there."""
        answer = self.ask(question, mode=mode, top_k=top_k, filter=filter, explain=explain)
        try:
            for event in events_of(answer):
                yield event
                if event.name == "delta" and "停" in answer.question:
                    self.release.wait(10)
                if event.name == "delta" and "断" in answer.question and "中断" not in answer.question:
                    raise RuntimeError("/secret/path broke")
                if event.name == "delta" and "失联" in answer.question:
                    raise _paused()
                self.told.append(event.name)
        finally:
            self.let_go.set()

    def search(
        self, query: str, *, top_k: int = 10, filter: Filter | None = None, explain: bool = False
    ) -> list[SearchResult]:
        self.calls.append({"query": query, "top_k": top_k, "filter": filter, "explain": explain})
        text = DOCUMENTS[0].text
        start = text.index("上游的")
        trace = {"lexical_rank": 1} if explain else None
        end = start + 10
        return [
            SearchResult(_ref(DOCUMENTS[0]), ("上游：茶园",), text[start:end], start, end, 0.9, ((3, 7),), trace),
        ]

    def documents(self) -> list[Document]:
        return sorted(DOCUMENTS, key=lambda document: document.key)

    def document(self, id: str, version: int | None = None) -> Document:
        for document in DOCUMENTS:
            if document.id == id and version in (None, document.version):
                return document
        raise NotFoundError("There is no such document.", "没有这份文档。", param="id")

    def graph(self, node: str | None = None, *, limit: int = 1000) -> Graph:
        self.calls.append({"node": node, "limit": limit})
        if node not in (None, "青禾茶园"):
            raise NotFoundError("There is no such node.", f"图谱里没有“{node}”。相近的有：青禾茶园。", param="node")
        quote = cite(1, DOCUMENTS[0], "上游的种植企业主要有青禾茶园、云脚农场和松风合作社。", ("上游：茶园",))
        nodes = (Node("node_1", "青禾茶园", "company"), Node("node_2", "茶园", "segment"))
        edges = (Edge("node_1", "node_2", "supplies", (1,)),)
        at = "node_1" if node else None
        return Graph(self.collection, self.generation, nodes, edges, (quote,), 2, 1, at)

    def beside(self, collection: str) -> FakeAssistant:
        raise CollectionNotFoundError("There is no such collection.", "没有这个资料集。", param="collection")

    @property
    def language_model(self) -> str | None:
        return self.settings.llm_model or None

    def warm(self) -> None:
        self.warmed += 1

    def close(self) -> None:
        self.closed += 1


def _list_answer() -> dict[str, Any]:
    growers = cite(1, DOCUMENTS[0], "上游的种植企业主要有青禾茶园、云脚农场和松风合作社。", ("上游：茶园",))
    makers = cite(2, DOCUMENTS[0], "中游的加工企业有青禾茶厂和石桥制茶。", ("中游：加工",))
    lines = cite(3, DOCUMENTS[0], "石桥制茶建有两条自动化炒制线", ("中游：加工",), last=True)
    return {
        "text": f"{growers.quote.rstrip('。')}[1]。{makers.quote.rstrip('。')}[2]；{lines.quote}[3]。",
        "refused": False,
        "confidence": 0.93,
        "missing": ("各家的销售额",),
        "items": (
            Item("青禾茶园", (1,)),
            Item("云脚农场", (1,)),
            Item("松风合作社", (1,)),
            Item("青禾茶厂", (2,)),
            Item("石桥制茶", (2, 3)),
        ),
        "statements": (
            Statement(growers.quote, "quoted", (1,)),
            Statement(makers.quote, "quoted", (2,)),
            Statement(lines.quote, "quoted", (3,)),
        ),
        "citations": (growers, makers, lines),
    }


def _fact() -> dict[str, Any]:
    area = cite(1, DOCUMENTS[0], "茶园面积为三千二百亩", ("概况",))
    return {
        "text": f"𠮷岚镇{area.quote}[1]。",
        "refused": False,
        "confidence": 0.97,
        "short_answer": ShortAnswer("三千二百亩", 1, area.start + 5, area.end),
        "statements": (Statement(area.quote, "quoted", (1,)),),
        "citations": (area,),
    }


def _written(*, whole: bool) -> dict[str, Any]:
    """What a language model wrote of the growers and makers; not ``whole``: its first statement alone."""
    growers = cite(1, DOCUMENTS[0], "上游的种植企业主要有青禾茶园、云脚农场和松风合作社。", ("上游：茶园",))
    makers = cite(2, DOCUMENTS[0], "中游的加工企业有青禾茶厂和石桥制茶。", ("中游：加工",))
    statements = (
        Statement("鲜叶主要由青禾茶园、云脚农场和松风合作社种植", "quoted", (1,)),
        Statement("中游的加工企业有青禾茶厂和石桥制茶", "quoted", (2,)),
    )[: 2 if whole else 1]
    mended = (Repair("moved", "name", 0), Repair("replaced", "number", 1), Repair("dropped", "word"))
    return {
        "mode": "llm",
        "text": "".join(f"{statement.text}[{statement.citations[0]}]。" for statement in statements)
        + ("" if whole else "（回答到此为止，可能不完整。）"),
        "refused": False,
        "confidence": 0.9,
        "missing": (),
        "incomplete": not whole,
        "short_answer": None,
        "items": (),
        "statements": statements,
        "citations": (growers, makers)[: len(statements)],
        "related": (),
        "repairs": mended if whole else (),
        "usage": Usage("tea-writer", 412, 96),
    }


def _paused() -> LanguageModelError:
    return LanguageModelError(
        "The language model has failed several times; ask again later, or with mode extractive.",
        "语言模型连续出错；请稍后再问，或用 extractive 模式提问。",
        reason="paused",
        retry_after=12.4,
    )


def _refusal() -> dict[str, Any]:
    kiln = DOCUMENTS[1]
    start = kiln.text.index("河湾村")
    return {
        "text": "资料中没有找到茶园最早的开垦年份。",
        "refused": True,
        "confidence": 0.21,
        "missing": ("茶园最早的开垦年份",),
        "related": (Related(_ref(kiln), (), kiln.text[start:].strip(), start, len(kiln.text.rstrip()), 0.4),),
    }


def as_assistant(fake: FakeAssistant) -> Assistant:
    """The fake where a real one is asked for: it has the same methods, not the same class."""
    return cast(Assistant, fake)
