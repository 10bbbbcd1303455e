"""The frameworks' names, and their search where they are installed."""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path

import pytest

from evals.benchmarks.floors import jieba_for_search
from evals.benchmarks.peers import OURS, PEERS, Peer, peers_named
from evals.benchmarks.peers.given import GivenVectors
from rag import InputError, Settings, encoder_of

TEXTS = ("水泵由铸铁制成。", "风车由木头制成。", "叶轮用青铜铸造。", "北方的风车最多。")


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="langchain, llama_index, haystack, txtai"):
        peers_named(["elastic"])


def test_what_is_missing_is_told_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Peer("absent", ("no_such_module_at_all",), ("no-such-package",), "characters")
    monkeypatch.setitem(PEERS, "absent", absent)
    with pytest.raises(InputError, match=r"no-such-package.*suanlian\[peers\]"):
        peers_named(["absent"])


def test_this_library_alone_needs_no_other() -> None:
    assert peers_named([OURS]) == []


def test_this_library_as_one_of_them(tmp_path: Path) -> None:
    settings = Settings(model="hash", model_dir=tmp_path, index=tmp_path)
    module = importlib.import_module("evals.benchmarks.peers.suanlian")
    search = module.index(TEXTS, encoder_of(settings), None, settings)
    assert search("风车由什么制成？")[0] == 1


@pytest.mark.parametrize("jieba", [False, True])
@pytest.mark.parametrize("name", PEERS)
def test_a_framework_finds_what_shares_words_with_the_question(name: str, jieba: bool, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other people's packages
        for module in PEERS[name].modules:
            pytest.importorskip(module)
        peer = importlib.import_module(f"evals.benchmarks.peers.{name}")
        encoder = encoder_of(Settings(model="hash", model_dir=tmp_path))
        search = peer.index(TEXTS, encoder, jieba_for_search() if jieba else None)
        found = search("风车由木头制成")
    assert found[0] == 1 if name != "langchain" or jieba else 1 in found  # blanks are no words of Chinese
    assert len(set(found)) == len(found) and set(found) <= set(range(len(TEXTS)))


def test_txtai_s_vectors_are_made_of_whole_texts(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("txtai")
        peer = importlib.import_module("evals.benchmarks.peers.txtai")
        encoder = encoder_of(Settings(model="hash", model_dir=tmp_path))
        texts = ("清华大学在北京。", "不得不承认。")  # jieba's cut for search says 大学 and 清华大学
        given = GivenVectors.of(texts, ["清华大学在哪里？"], encoder)  # refuses what is not one of them
        assert peer.index(texts, given, jieba_for_search())("清华大学在哪里？")[0] == 0
