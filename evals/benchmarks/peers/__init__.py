"""Other frameworks' hybrid search, over the same passages with the very same encoder.

A module a framework, each with ``index(texts, encoder, cut) -> search``: it indexes the texts, numbered from 0, the way
the framework documents its hybrid search, and gives a function from a question to the numbers of the best ``DEPTH``,
best first. ``cut`` is jieba's, or None for what the framework cuts words with by itself. The frameworks are no
dependency; they come with ``suanlian[peers]``, and a module imports its own only when it is imported itself.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from rag import InputError

DEPTH = 10  # passages asked for
Search = Callable[[str], list[int]]
Cut = Callable[[str], list[str]]
Index = Callable[[Sequence[str], Any, Cut | None], Search]


@dataclass(frozen=True, slots=True)
class Peer:
    """A framework: what it must have installed, by module and distribution, and how its keyword search cuts Chinese
    when left to itself."""

    name: str
    modules: tuple[str, ...]
    packages: tuple[str, ...]
    words: str

    def versions(self) -> str:
        """Its packages with their versions."""
        return ", ".join(f"{package} {version(package)}" for package in self.packages)

    def missing(self) -> list[str]:
        """The packages that are not installed."""
        absent = {name for name in self.modules if importlib.util.find_spec(name.split(".")[0]) is None}
        return [package for name, package in zip(self.modules, self.packages, strict=True) if name in absent]


OURS = "suanlian"
PEERS = {
    peer.name: peer
    for peer in (
        Peer(
            "langchain",
            ("langchain_classic", "langchain_community", "rank_bm25"),
            ("langchain-classic", "langchain-community", "rank-bm25"),
            "whitespace",
        ),
        Peer(
            "llama_index",
            ("llama_index.core", "llama_index.retrievers"),
            ("llama-index-core", "llama-index-retrievers-bm25"),
            "whole runs",
        ),
        Peer("haystack", ("haystack",), ("haystack-ai",), "characters"),
        Peer("txtai", ("txtai",), ("txtai",), "characters"),
    )
}


def peers_named(names: Sequence[str]) -> list[Peer]:
    """The frameworks of these names, all for none; ``suanlian`` is left out, for it is no peer.

    Raises:
        InputError: there is no such name, or one of them is not installed.
    """
    unknown = [name for name in names if name not in (OURS, *PEERS)]
    if unknown:
        known = ", ".join((OURS, *PEERS))
        raise InputError(
            f"There is no peer {unknown[0]!r}; choose from {known}.", f"没有 {unknown[0]!r}；可选：{known}。"
        )
    wanted = [PEERS[name] for name in dict.fromkeys(names or PEERS) if name in PEERS]
    absent = [package for peer in wanted for package in peer.missing()]
    if absent:
        raise InputError(
            f"Not installed: {', '.join(absent)}. Run pip install 'suanlian[peers]', or choose others with --peer.",
            f"没有安装 {'、'.join(absent)}。请运行 pip install 'suanlian[peers]'，或用 --peer 只选其他的。",
        )
    return wanted
