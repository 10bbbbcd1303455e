import json
import logging
import shutil
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.index.export import export, load_sentence_transformer, quiet


def test_only_mean_pooling_is_exported(tiny_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_folder, tmp_path / "cls")
    config = folder / "1_Pooling" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "pooling_mode": "cls"}))
    with pytest.raises(ModelError, match="RAG_ENGINE=torch"):
        export(folder, folder, name="cls", origin="x", say=lambda _: None)


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot load"):
        load_sentence_transformer(tmp_path)


def test_quiet_leaves_logging_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    handlers, level = list(logging.root.handlers), logging.root.manager.disable
    with quiet():
        logging.warning("a hint for developers")
    assert (logging.root.handlers, logging.root.manager.disable) == (handlers, level)
    assert capfd.readouterr() == ("", "")
