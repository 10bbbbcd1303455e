import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from rag.index.export import load_sentence_transformer
from tests.models import TINY_PIECES, tiny_tensors


def test_sentence_transformers_loads_the_folder_as_fp32(tiny_folder: Path) -> None:
    model = load_sentence_transformer(tiny_folder)
    assert str(next(model.parameters()).dtype) == "torch.float32"
    assert (model.get_embedding_dimension(), model.max_seq_length) == (32, 24)
    vector = model.encode_query("甲乙", show_progress_bar=False)
    np.testing.assert_allclose(np.linalg.norm(vector), 1, atol=1e-5)


def test_word_vectors_follow_the_pieces_that_are_kept(tiny_folder: Path) -> None:
    words = load_file(tiny_folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    vocabulary = [piece for piece, _ in json.loads((tiny_folder / "tokenizer.json").read_text())["model"]["vocab"]]
    assert vocabulary == [piece for piece in TINY_PIECES if piece != "д"]
    rows = [TINY_PIECES.index(piece) for piece in vocabulary]
    np.testing.assert_array_equal(words, tiny_tensors()["emb.word"][rows])
