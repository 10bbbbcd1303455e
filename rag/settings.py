"""Settings: every knob, its default and what it does.

Each is also an environment variable (``RAG_INDEX``, ``RAG_PORT``, …) and a line of ``suanlian.toml`` in the
working directory; what is passed in code wins over the environment, the environment over the file. A name
that is not a setting is refused, so that a typing error cannot pass in silence.
"""

from __future__ import annotations

import difflib
import importlib.util
import os
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from rag.errors import SettingError

PREFIX = "RAG_"
FILE = "suanlian.toml"
COLLECTION = r"^[\w-]{1,64}$"  # a name is a folder's


def _data_dir() -> Path:
    return Path(platformdirs.user_data_dir("suanlian", appauthor=False))


def _default_index() -> Path:
    """A checkout keeps its indexes in its own ``index/``; an installed package in the user's data folder."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "index").is_dir():
        return checkout / "index"
    return _data_dir() / "index"


def _default_documents() -> Path:
    """The bundled corpus: in a checkout's ``corpus/``, or among the data of the installed front door."""
    checkout = Path(__file__).resolve().parent.parent / "corpus"
    front = importlib.util.find_spec("suanlian")
    if checkout.is_dir() or front is None or not front.submodule_search_locations:
        return checkout
    return Path(front.submodule_search_locations[0]) / "corpus"


def _default_model_dir() -> Path:
    return Path(platformdirs.user_cache_dir("suanlian", appauthor=False)) / "models"


class Settings(BaseSettings):
    """Every setting of the library and the service.

    Raises:
        SettingError: an unknown name or a value out of range (through :func:`load_settings`).
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, toml_file=FILE, extra="forbid", frozen=True, validate_default=True, env_ignore_empty=True
    )

    # where things are
    index: Path = Field(default_factory=_default_index, description="folder of the indexes, one folder a collection")
    documents: Path = Field(
        default_factory=_default_documents, description="what an index is built from where there is none yet"
    )
    collection: str = Field(
        default="default", pattern=COLLECTION, description="collection that is built and asked where none is named"
    )
    model_dir: Path = Field(default_factory=_default_model_dir, description="folder that prepared models are kept in")

    # the model
    model: str = Field(
        default="multilingual-e5-small", description="embedding model: the default's name, a folder or a hub name"
    )
    engine: Literal["onnx", "torch"] = Field(
        default="onnx", description="what runs the model: onnx (int8, fast) or torch (fp32)"
    )
    threads: int = Field(default=0, ge=0, le=256, description="threads of the model; 0: one a core")

    # reading
    passage_chars: int = Field(
        default=300, ge=50, le=2000, description="longest passage, in characters, unless one sentence is longer"
    )

    # search
    candidates: int = Field(default=100, ge=1, le=1000, description="passages taken from each of the two searches")
    dense_weight: float = Field(default=0.5, ge=0, le=1, description="share of the vector score in the fused score")
    # Passages are short, so a term said twice says little more: on CMRC2018 and DRCD any k1 of .1 to .6 does alike; the
    # textbook's 1.2 and .75 lose a point of hit@1.
    bm25_k1: float = Field(
        default=0.4, ge=0, le=5, description="BM25: how soon a repeated term stops counting; 0: at once"
    )
    bm25_b: float = Field(
        default=0.5, ge=0, le=1, description="BM25: how much a long passage is held back; 0: not at all"
    )

    glossary: Path | None = Field(
        default=None,
        description="file of names that mean the same, a group a line parted by commas; taken up at the next start, no build needed",
    )

    # answers
    top_k: int = Field(default=8, ge=1, le=50, description="passages that evidence is picked from")
    refuse_below: float = Field(
        default=0.45, ge=0, le=1, description="confidence (0 to 1) under which the answer is a refusal"
    )

    # a language model, which writes the answers where there is one
    llm_model: str = Field(
        default="", description="language model that writes answers, by its server's name for it; empty: none"
    )
    llm_provider: str = Field(
        default="openai",
        pattern=r"^[a-z0-9_]+$",
        description="how it is spoken to: openai for every OpenAI-compatible server, another of LangChain's providers, or fake",
    )
    llm_base_url: str = Field(
        default="", description="its server's address, up to and with /v1; empty: the provider's own"
    )
    llm_api_key: SecretStr = Field(default=SecretStr(""), description="key of its server; empty: none is sent")
    llm_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="how long a whole answer may be written, in seconds"
    )
    llm_first_seconds: float = Field(
        default=20.0,
        gt=0,
        le=3600,
        description="how long the first checked statement is waited for, in seconds; then mode auto answers without the model",
    )
    llm_retries: int = Field(
        default=2, ge=0, le=10, description="times that a call is tried again which failed before the first word"
    )
    llm_failures: int = Field(
        default=5, ge=1, le=1000, description="failures in a row after which the model is left alone for a while"
    )
    llm_pause_seconds: float = Field(
        default=30.0, gt=0, le=3600, description="how long it is left alone then, in seconds, before one call tries it"
    )
    llm_max_tokens: int = Field(default=800, ge=16, le=32_768, description="longest reply of the model, in its tokens")
    llm_temperature: float = Field(
        default=0, ge=0, le=2, description="how freely it words its replies; 0: always alike"
    )
    llm_evidence_chars: int = Field(
        default=3000, ge=200, le=100_000, description="characters of the material that it is given, at the most"
    )
    llm_rewrite: bool = Field(
        default=True,
        description="on or off: it may put a follow-up into words that stand alone, where rules are unsure",
    )

    # the service
    host: str = Field(default="127.0.0.1", description="address the service binds to")
    port: int = Field(default=8000, ge=0, le=65535, description="port of the service; 0: a free one")
    api_keys: SecretStr = Field(
        default=SecretStr(""),
        description="comma-separated keys, each KEY[:ask+write+ops][@collection+collection], a bare one with every right; "
        "needed when bound beyond loopback",
    )
    max_question_chars: int = Field(default=8000, ge=10, le=100_000, description="longest question, in characters")
    max_body_bytes: int = Field(default=1_000_000, ge=1000, description="largest request body, in bytes")
    max_upload_bytes: int = Field(
        default=100_000_000, ge=1000, description="largest upload of documents, in bytes, all its files together"
    )
    max_upload_files: int = Field(default=500, ge=1, le=10_000, description="files in one upload at the most")
    max_waiting: int = Field(
        default=64,
        ge=1,
        le=10_000,
        description="requests that may wait for a thread, in each worker process; beyond it the service says 503",
    )
    allowed_origins: str = Field(
        default="",
        description="comma-separated origins (https://www.example.com) whose pages may ask; empty: none but the service's own",
    )
    requests_per_minute: int = Field(
        default=0, ge=0, le=1_000_000, description="requests a minute of one key, in each worker process; 0: no limit"
    )
    max_streams: int = Field(
        default=32,
        ge=0,
        le=100_000,
        description="streamed replies open at once of one key, in each worker process; 0: no limit",
    )
    openai_sources: bool = Field(
        default=True, description="on or off: a list of sources below the text of /v1/chat/completions"
    )
    max_batch_lines: int = Field(
        default=10_000, ge=1, le=1_000_000, description="questions in one batch of the service"
    )
    max_batch_bytes: int = Field(default=20_000_000, ge=1000, description="largest body of a batch, in bytes")
    workers: int = Field(default=1, ge=1, le=64, description="processes that serve one port from one index")
    stop_seconds: int = Field(
        default=20,
        ge=1,
        le=3600,
        description="how long running answers may take when the service is stopped, in seconds",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto", description="log lines on stderr: json, text, or auto (text on a terminal, else json)"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least weight of what is logged; debug shows health checks too"
    )
    log_questions: bool = Field(
        default=False,
        description="on or off: the log holds what was asked, with the answer's mode, refusal and confidence",
    )

    @field_validator("index", "documents", "model_dir", "glossary")
    @classmethod
    def _home(cls, folder: Path | None) -> Path | None:
        return folder.expanduser() if folder else None  # a file or a variable has no shell to do it

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: Any) -> Settings:
    """Settings from ``given`` (None values are left out), the environment and ``suanlian.toml``.

    Raises:
        SettingError: naming the unknown setting (and the nearest known one) or the value that is out of range.
    """
    for name in os.environ:
        if name.startswith(PREFIX) and name[len(PREFIX) :].lower() not in Settings.model_fields:
            raise _unknown(name[len(PREFIX) :].lower(), PREFIX)
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        if first["type"] == "extra_forbidden":
            raise _unknown(name, "") from None
        raise SettingError(
            f"The setting {name!r} is wrong: {first['msg']}. Its meaning: {Settings.model_fields[name].description}.",
            f"设置 {name!r} 的值不对：{first['msg']}。",
            param=name,
        ) from None
    except (SettingsError, ValueError) as error:
        raise SettingError(
            f"{FILE} could not be read: {error}. Mend its syntax.", f"{FILE} 无法读取：{error}。请改正其语法。"
        ) from None


def _unknown(name: str, prefix: str) -> SettingError:
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    hint = f" Did you mean {prefix}{near[0].upper() if prefix else near[0]}?" if near else ""
    shown = prefix + (name.upper() if prefix else name)
    known = ", ".join(sorted(Settings.model_fields))
    return SettingError(
        f"{shown} is not a setting.{hint} Known settings: {known}.",
        f"没有 {shown} 这个设置。{'是不是 ' + near[0] + '？' if near else ''}可用的设置：{known}。",
        param=name,
    )
