"""The language model of ``suanlian eval``: the settings' own, one whose replies are kept, or the kept replies alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evals.recorded import Recording
    from rag import Mode, Settings
    from rag.llm.model import LanguageModel


def check_call(
    mode: Mode, *, url: str | None, record: Path | None, replay: Path | None, statements: Path | None
) -> None:
    """Whether the options go together. Raises InputError, which says which do not."""
    from rag import InputError

    given = {"--record": record, "--replay": replay, "--statements": statements}
    named = [name for name, path in given.items() if path]
    if record and replay:
        raise InputError(
            "--record asks the model for what is new, --replay never asks it; give one of the two.",
            "--record 会向模型提问并补录，--replay 从不提问；请只用其中一个。",
        )
    if named and url is not None:
        raise InputError(
            f"{named[0]} needs the answers made in this process; leave out --url.",
            f"{named[0]} 只能用于在本进程里作答；请去掉 --url。",
        )
    if named and mode == "extractive":
        raise InputError(
            f"{named[0]} is about a language model, and --mode extractive asks none; use --mode llm or auto.",
            f"{named[0]} 与语言模型有关，而 --mode extractive 不用语言模型；请用 --mode llm 或 auto。",
        )


def recording_of(record: Path | None, replay: Path | None) -> Recording | None:
    """The recording that is named, read; None where none is. Raises FileError."""
    if record is None and replay is None:
        return None
    from evals.recorded import Recording

    return Recording(record, writing=True) if record else Recording(replay or Path())


def check_model(settings: Settings, mode: Mode, *, needed: bool) -> None:
    """Whether there is the language model that the call needs: before minutes are spent on an index.

    Raises:
        LanguageModelMissingError: there is none.
    """
    if not settings.llm_model and (mode == "llm" or needed):
        from rag import LanguageModelMissingError

        raise LanguageModelMissingError(
            "No language model is configured: name one with RAG_LLM_MODEL (and RAG_LLM_BASE_URL), or use its recorded replies with --replay.",
            "没有配置语言模型：请用 RAG_LLM_MODEL（和 RAG_LLM_BASE_URL）指定，或用 --replay 重放录下的回复。",
            param="mode",
        )


def of_recording(settings: Settings, recording: Recording) -> Settings:
    """The settings with the model whose replies are to be replayed: the one that they name, else the recording's only one.

    Raises:
        InputError: the recording holds none of it, or several and none is named.
    """
    from rag import InputError

    models = recording.models()
    if settings.llm_model in models or (len(models) == 1 and not settings.llm_model):
        return settings.model_copy(update={"llm_model": settings.llm_model or models[0]})
    held, held_zh = ", ".join(models) or "nothing", "、".join(models) or "空"
    raise InputError(
        f"{recording.path} holds replies of {held}. Say whose to replay with RAG_LLM_MODEL, or record them with --record.",
        f"{recording.path} 里是 {held_zh} 的回复。请用 RAG_LLM_MODEL 指定要重放的模型，或用 --record 录制。",
    )


def recorded_model(settings: Settings, recording: Recording, *, ask: bool) -> LanguageModel:
    """The model of the settings behind a recording; with ``ask=False`` the recording alone.

    Raises:
        SettingError: the model cannot be built.
    """
    from evals.recorded import RecordedChatModel
    from rag.llm.build import language_model
    from rag.llm.model import LanguageModel

    asked = language_model(settings) if ask else None
    chat = RecordedChatModel(recording=recording, model_name=settings.llm_model, inner=asked.chat if asked else None)
    return LanguageModel(chat, settings, address=asked.address if asked else str(recording.path))
