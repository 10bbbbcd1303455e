import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from rag.index.embed import Encoder, HashEncoder, open_encoder
from rag.index.encoder import Vectors
from rag.index.model import DEFAULT_MODEL

SENTENCES = [
    "苹果的主要产地是山东和陕西。",
    "火车因大雪晚点了一个小时。",
    "仓储与运输的成本占总成本的三成。",
    "公司去年的营业收入增长了百分之五。",
    "繁體中文的資料也要能夠檢索。",
    "GDP grew by 5.2 % in the third quarter.",
    "猫喜欢在窗台上晒太阳。",
    "数据库每天凌晨备份一次。",
    "医生建议他每天散步半小时。",
    "这座桥建于一九五七年。",
    "新的税率从七月一日起施行。",
    "ＡＢＣ１２３ ㎏ ½ 😀",
]


@pytest.fixture(scope="module")
def encoder(model_dir: Path) -> Encoder:
    return open_encoder(model_dir=model_dir)


@pytest.fixture(scope="module")
def reference(model_dir: Path) -> Encoder:
    return open_encoder(model_dir=model_dir, engine="torch")


def vectors(encoder: Encoder, texts: list[str]) -> Vectors:
    return np.array([passage.vector for passage in encoder.encode_passages(texts)])


def test_it_says_what_it_is(encoder: Encoder, reference: Encoder) -> None:
    assert (encoder.name, encoder.dimension, encoder.max_tokens) == (DEFAULT_MODEL, 384, 512)
    assert encoder.fingerprint != reference.fingerprint


def test_int8_is_near_fp32(encoder: Encoder, reference: Encoder) -> None:
    assert np.sum(vectors(encoder, SENTENCES) * vectors(reference, SENTENCES), axis=1).min() > 0.99
    queries = encoder.encode_queries(SENTENCES), reference.encode_queries(SENTENCES)
    assert np.sum(queries[0] * queries[1], axis=1).min() > 0.99


def test_fp32_is_what_sentence_transformers_gives(model_dir: Path, reference: Encoder) -> None:
    from rag.index.export import load_sentence_transformer

    theirs = load_sentence_transformer(model_dir / DEFAULT_MODEL)
    documents = theirs.encode_document(SENTENCES, show_progress_bar=False)
    np.testing.assert_allclose(vectors(reference, SENTENCES), documents, atol=1e-5)
    queries = theirs.encode_query(SENTENCES, show_progress_bar=False)
    np.testing.assert_allclose(reference.encode_queries(SENTENCES), queries, atol=1e-5)


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("哪里种苹果？", 0),
        ("列车为什么迟到？", 1),
        ("物流费用占多大比例？", 2),
        ("多久做一次备份？", 7),
        ("How fast did the economy grow?", 5),
        ("大桥是哪一年修的？", 9),
    ],
)
def test_a_question_is_nearest_to_the_passage_that_answers_it(encoder: Encoder, query: str, nearest: int) -> None:
    assert int(np.argmax(vectors(encoder, SENTENCES) @ encoder.encode_queries([query])[0])) == nearest


def test_vectors_are_float32_of_unit_length(encoder: Encoder) -> None:
    queries = encoder.encode_queries(SENTENCES)
    assert queries.shape == (len(SENTENCES), 384)
    assert queries.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(queries, axis=1), 1, atol=1e-5)
    (passage,) = encoder.encode_passages([SENTENCES[0]], [[(0, 5), (5, 14)]])
    np.testing.assert_allclose(np.linalg.norm(passage.span_vectors, axis=1), 1, atol=1e-5)


def test_a_vector_depends_on_its_text_alone(encoder: Encoder) -> None:
    together = vectors(encoder, SENTENCES)
    np.testing.assert_array_equal(vectors(encoder, SENTENCES[::-1])[::-1], together)
    np.testing.assert_array_equal(np.vstack([vectors(encoder, [text]) for text in SENTENCES]), together)


def test_a_batch_of_fp32_changes_nothing_that_matters(reference: Encoder) -> None:
    together = vectors(reference, SENTENCES)
    alone = np.vstack([vectors(reference, [text]) for text in SENTENCES])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_queries_and_passages_are_told_apart(encoder: Encoder) -> None:
    (query,), (passage,) = encoder.encode_queries(["苹果"]), vectors(encoder, ["苹果"])
    assert 0.8 < query @ passage < 0.9999


@pytest.mark.parametrize("engine", ["onnx", "torch"])
def test_a_span_is_nearest_to_the_question_that_it_answers(engine: str, encoder: Encoder, reference: Encoder) -> None:
    chosen = encoder if engine == "onnx" else reference
    text = "".join(SENTENCES[:4])
    edges = np.cumsum([0, *map(len, SENTENCES[:4])]).tolist()
    spans = list(itertools.pairwise(edges))
    (passage,) = chosen.encode_passages([text], [[*spans, (3, 3)]])
    for question, expected in (("哪里种苹果？", 0), ("列车为什么迟到？", 1), ("收入增长多少？", 3)):
        assert int(np.argmax(passage.span_vectors[:4] @ chosen.encode_queries([question])[0])) == expected
    np.testing.assert_allclose(passage.span_vectors[4], passage.vector, atol=1e-6)


def test_a_long_text_is_read_to_its_end(encoder: Encoder) -> None:
    sentence = "火车因大雪晚点了一个小时，旅客们在候车室里等待。"
    text = sentence * 60 + "苹果的主要产地是山东和陕西。"
    spans = [(i, min(i + len(sentence), len(text))) for i in range(0, len(text), len(sentence))]
    (passage,) = encoder.encode_passages([text], [spans])
    assert len(passage.windows) == len(passage.vectors) > 1
    assert passage.windows[0][0] == 0
    assert passage.windows[-1][1] == len(text)
    assert all(start % len(sentence) == 0 for start, _ in passage.windows)
    question = encoder.encode_queries(["哪里种苹果？"])[0]
    assert int(np.argmax(passage.span_vectors @ question)) == len(spans) - 1
    assert encoder.encode_queries([text]).shape == (1, 384)


def test_empty_and_odd_texts_have_vectors(encoder: Encoder) -> None:
    odd = ["", " ", "\n\t", "\0", "\ud800", "<s></s>", "👩‍👩‍👧", "a" * 5000]
    passages = encoder.encode_passages(odd, [[(0, len(text))] for text in odd])
    for passage in passages:
        np.testing.assert_allclose(np.linalg.norm(passage.vectors, axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(np.linalg.norm(passage.span_vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_passages([]) == []
    assert encoder.encode_queries([]).shape == (0, 384)


def test_progress_ends_with_all_of_them(encoder: Encoder) -> None:
    seen: list[int] = []
    encoder.encode_passages(["苹果"] * 300, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 300
    assert len(seen) > 1


def test_spans_for_another_number_of_texts_are_refused(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="2 texts, but spans for 1"):
        encoder.encode_passages(["a", "b"], [[]])


def test_it_is_a_langchain_embeddings(encoder: Encoder) -> None:
    assert isinstance(encoder, Embeddings)
    np.testing.assert_allclose(encoder.embed_query("苹果"), encoder.encode_queries(["苹果"])[0])
    np.testing.assert_allclose(encoder.embed_documents(["苹果", "猫"]), vectors(encoder, ["苹果", "猫"]))


def test_serving_loads_neither_torch_nor_its_company(model_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from rag.index.embed import open_encoder\n"
        f"open_encoder(model_dir=Path({str(model_dir)!r})).encode_queries(['苹果'])\n"
        "print(*(sys.modules.keys() & {'torch', 'transformers', 'sentence_transformers', 'onnx'}))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")


def test_the_hash_encoder_opens_by_name(tmp_path: Path) -> None:
    assert isinstance(open_encoder("hash", model_dir=tmp_path), HashEncoder)
