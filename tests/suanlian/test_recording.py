"""The language model of ``suanlian eval``."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.recorded import MissingReplyError, RecordedChatModel, Recording
from rag import InputError, LanguageModelError, LanguageModelMissingError, Settings
from rag.llm.model import Message
from suanlian.recording import check_model, of_recording, recorded_model, recording_of
from tests.evals.model_samples import Scripted

ASKED: list[Message] = [("user", "[1] 磨坊建于1880年。\n问题：磨坊建于哪一年？")]
FAKE = Settings(llm_model="honest", llm_provider="fake")


def test_the_settings_model_is_asked_once_and_then_replayed(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    recording = recording_of(path, None)
    assert recording is not None
    said = ["".join(recorded_model(FAKE, recording, ask=True).write(ASKED)) for _ in range(2)]
    assert said == ["磨坊建于1880年。[1]"] * 2
    assert (recording.asked, len(recording)) == (1, 1)

    replayed = recording_of(None, path)
    assert replayed is not None
    settings = of_recording(Settings(), replayed)  # no model is named: the recording's only one
    model = recorded_model(settings, replayed, ask=False)
    assert model.name == "honest"
    writing = model.write(ASKED)
    assert ("".join(writing), writing.cut) == (said[0], False)
    assert writing.usage is not None and writing.usage.model == "honest"


def test_a_prompt_that_was_not_recorded_is_told_though_the_model_only_fails(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    list(RecordedChatModel(recording=Recording(path, writing=True), model_name="m", inner=Scripted()).stream("问"))
    recording = Recording(path)
    model = recorded_model(of_recording(Settings(llm_retries=0), recording), recording, ask=False)
    with pytest.raises(LanguageModelError):
        list(model.write(ASKED))
    with pytest.raises(MissingReplyError, match="--record"):
        recording.check()


def test_whose_replies_are_replayed(tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    for name in ("one", "two"):
        list(RecordedChatModel(recording=Recording(path, writing=True), model_name=name, inner=Scripted()).stream("问"))
    recording = Recording(path)
    assert of_recording(Settings(llm_model="two"), recording).llm_model == "two"
    for settings in (Settings(), Settings(llm_model="three")):
        with pytest.raises(InputError, match="replies of one, two"):
            of_recording(settings, recording)


def test_a_call_that_needs_a_model_says_so_first() -> None:
    check_model(Settings(), "auto", needed=False)
    check_model(FAKE, "llm", needed=True)
    for mode, needed in (("llm", False), ("auto", True)):
        with pytest.raises(LanguageModelMissingError, match="RAG_LLM_MODEL"):
            check_model(Settings(), mode, needed=needed)  # type: ignore[arg-type]
