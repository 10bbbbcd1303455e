import json
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from rag.errors import SettingError
from rag.settings import FILE, PREFIX, Settings, load_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No RAG_* of the caller's, and an empty working directory."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_are_valid_and_every_setting_says_what_it_does() -> None:
    settings = load_settings()
    assert settings.port == 8000
    assert settings.documents.is_dir()
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_what_is_passed_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(FILE).write_text('port = 1\ntop_k = 2\ncollection = "file"\n', encoding="utf-8")
    monkeypatch.setenv("RAG_TOP_K", "3")
    monkeypatch.setenv("RAG_COLLECTION", "environment")
    settings = load_settings(collection="passed", candidates=None)
    assert (settings.port, settings.top_k, settings.collection) == (1, 3, "passed")
    assert settings.candidates == 100


OTHER: dict[str, str] = {
    "collection": "tea", "model": "hash", "engine": "torch", "host": "::1", "log_format": "json", "log_level": "debug",
    "api_keys": "a-key", "llm_api_key": "another-key", "llm_provider": "fake", "allowed_origins": "https://a.example",
}  # fmt: skip


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_a_variable_and_a_line_of_the_file(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    default = getattr(load_settings(), name)
    other: object = OTHER.get(name) or "elsewhere"
    if isinstance(default, bool):
        other = not default
    elif isinstance(default, int):
        other = default + 1
    elif isinstance(default, float):
        other = default / 2 or 0.5
    Path(FILE).write_text(f"{name} = {json.dumps(other)}\n", encoding="utf-8")
    in_file = getattr(load_settings(), name)
    Path(FILE).unlink()
    monkeypatch.setenv(PREFIX + name.upper(), str(other))
    assert getattr(load_settings(), name) == in_file != default


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_PORT", "")
    assert load_settings().port == 8000


@pytest.mark.parametrize(
    ("name", "near"),
    [("RAG_PROT", "RAG_PORT"), ("RAG_INDX", "RAG_INDEX"), ("RAG_TOPK", "RAG_TOP_K"), ("RAG_XYZZY", "")],
)
def test_a_variable_that_is_no_setting_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, near: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingError) as caught:
        load_settings()
    assert f"{name} is not a setting." in caught.value.en
    assert (f"Did you mean {near}?" in caught.value.en) == bool(near)
    assert "max_question_chars" in caught.value.en
    assert name in caught.value.zh


def test_an_unknown_name_in_code_or_in_the_file_is_refused() -> None:
    with pytest.raises(SettingError, match=r"prot is not a setting\. Did you mean port\?"):
        load_settings(prot=1)
    Path(FILE).write_text("prot = 1\n", encoding="utf-8")
    with pytest.raises(SettingError, match=r"prot is not a setting\. Did you mean port\?"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 65536),
        ("port", "eighty"),
        ("port", 80.5),
        ("engine", "tensorflow"),
        ("collection", "../elsewhere"),
        ("collection", ""),
        ("dense_weight", 1.01),
        ("dense_weight", "nan"),
        ("refuse_below", -0.1),
        ("passage_chars", 49),
        ("top_k", 0),
        ("threads", -1),
        ("max_question_chars", 9),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingError) as caught:
        load_settings(**{name: value})
    assert f"The setting {name!r} is wrong" in caught.value.en
    assert str(Settings.model_fields[name].description) in caught.value.en
    assert repr(name) in caught.value.zh
    assert caught.value.param == name


def test_a_variable_out_of_range_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_THREADS", "many")
    with pytest.raises(SettingError, match="'threads' is wrong"):
        load_settings()


@pytest.mark.parametrize("content", [b"port = ", b"port: 1", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_says_so(content: bytes) -> None:
    Path(FILE).write_bytes(content)
    with pytest.raises(SettingError, match=rf"{FILE} could not be read"):
        load_settings()


def test_a_home_folder_is_meant_by_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    Path(FILE).write_text('index = "~/my-index"\n', encoding="utf-8")
    assert load_settings().index == tmp_path / "my-index"


def test_settings_do_not_change_and_keys_are_not_shown() -> None:
    settings = load_settings(api_keys="key-of-mine")
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1
    assert settings.api_keys == SecretStr("key-of-mine")
    assert "key-of-mine" not in f"{settings!r} {settings} {settings.model_dump_json()}"
