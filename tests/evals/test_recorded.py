"""A model's replies, recorded and replayed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.messages import AIMessageChunk

from evals.recorded import MissingReplyError, RecordedChatModel, Recording
from rag import FileError
from tests.evals.model_samples import Scripted

ASKED = [("system", "答。"), ("user", "[1] 磨坊建于1880年。\n问题：哪一年？")]
OTHER = [("user", "问题：谁？")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "replies.jsonl"


def streamed(model: RecordedChatModel, asked: list[tuple[str, str]] = ASKED) -> AIMessageChunk:
    whole: AIMessageChunk | None = None
    for piece in model.stream(asked):
        assert isinstance(piece, AIMessageChunk)
        whole = piece if whole is None else whole + piece
    assert whole is not None
    return whole


def recorded(path: Path, chat: Scripted | None, name: str = "m") -> RecordedChatModel:
    return RecordedChatModel(recording=Recording(path, writing=chat is not None), model_name=name, inner=chat)


def test_a_model_is_asked_once_and_replayed_with_all_that_it_said(path: Path) -> None:
    chat = Scripted()
    first = streamed(recorded(path, chat))
    assert chat.asked == [ASKED[1][1]]
    for model in (recorded(path, chat), recorded(path, None)):
        again = streamed(model)
        assert (again.text, again.usage_metadata) == (first.text, first.usage_metadata)
        assert again.response_metadata["finish_reason"] == "stop"
        invoked = model.invoke(ASKED)
        assert (invoked.text, invoked.usage_metadata) == (first.text, first.usage_metadata)
    assert len(chat.asked) == 1


def test_the_line_holds_the_prompt_itself(path: Path) -> None:
    recorded(path, Scripted()).invoke(ASKED)
    (line,) = path.read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    assert row["messages"] == [["system", ASKED[0][1]], ["human", ASKED[1][1]]]
    assert (row["model"], row["reply"], row["usage"]["output_tokens"]) == ("m", "磨坊建于1880年。[1]", 5)


def test_pieces_come_as_the_model_writes_them(path: Path) -> None:
    pieces = [str(piece.text) for piece in recorded(path, Scripted()).stream(ASKED)]
    assert [piece for piece in pieces if piece] == ["磨坊建于", "1880年。[1]"]


def test_a_prompt_that_is_not_there_is_an_error_whoever_catches_it(path: Path) -> None:
    streamed(recorded(path, Scripted()))
    model = recorded(path, None)
    model.recording.check()
    with pytest.raises(MissingReplyError, match="--record"):
        streamed(model, OTHER)
    with pytest.raises(MissingReplyError, match="holds no reply"):
        model.recording.check()


def test_another_model_has_its_own_replies(path: Path) -> None:
    streamed(recorded(path, Scripted()))
    chat = Scripted(reply="不知道。")
    assert streamed(recorded(path, chat, "other")).text == "不知道。"
    assert Recording(path).models() == ["m", "other"]


def test_a_reply_that_breaks_off_or_is_not_awaited_is_not_kept(path: Path) -> None:
    with pytest.raises(ConnectionError):
        streamed(recorded(path, Scripted(breaks=True)))
    waiting = recorded(path, Scripted()).stream(ASKED)
    next(waiting)
    waiting.close()  # type: ignore[attr-defined]
    assert not path.exists()


def test_a_line_that_a_crash_cut_off_is_asked_again(path: Path) -> None:
    model = recorded(path, Scripted())
    streamed(model)
    streamed(model, OTHER)
    path.write_bytes(path.read_bytes()[:-20])
    chat = Scripted()
    again = recorded(path, chat)
    streamed(again)
    streamed(again, OTHER)
    assert chat.asked == [OTHER[0][1]]
    assert len(Recording(path)) == 2


def test_what_is_no_recording(path: Path) -> None:
    with pytest.raises(FileError, match="Make one with --record"):
        Recording(path)
    path.parent.mkdir()
    path.write_text('{"prompt": "a"}\n', encoding="utf-8")
    with pytest.raises(FileError, match="line 1 is not a recorded reply"):
        Recording(path, writing=True)
