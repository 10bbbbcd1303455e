import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.documents.split import split
from rag.errors import IndexCorruptError
from rag.index.build import lead, prepare
from rag.index.files import checksums
from rag.index.segment import Segment, SegmentData, write_segment
from rag.text.normalize import folded
from rag.text.words import Lexicon
from rag.types import Block, Document
from tests.rag.index.samples import CHARS, ENCODER, documents

LEXICON = Lexicon(["松果"])
FILES = ("passages.sqlite", "vectors.faiss", "windows.npy", "units.npy", "terms.npz")


def data_of(given: list[Document]) -> SegmentData:
    return prepare(given, ENCODER, LEXICON, passage_chars=CHARS, progress=lambda stage, done, total: None)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SegmentData]:
    folder = tmp_path_factory.mktemp("index") / "segment-1"
    data = data_of(documents())
    write_segment(folder, data)
    return folder, data


def opened(folder: Path, *, deep: bool = True) -> Segment:
    return Segment(folder, checksums(folder), deep=deep, mend="mend it")


def test_what_is_written_is_read_back(written: tuple[Path, SegmentData]) -> None:
    folder, data = written
    segment = opened(folder)
    assert segment.document_ids() == sorted(d.id for d in data.documents)
    for document in data.documents:
        assert segment.document(document.id) == document
    assert segment.document("doc_none") is None
    assert segment.count == len(data.passages) > 5
    assert segment.owners == [p.document_id for p in data.passages]
    assert any(unit.context for p in data.passages for unit in p.units)
    first = 0
    for number, passage in enumerate(data.passages):
        read, vectors = segment.passage(number)
        assert read == passage
        own = data.units[first : first + len(passage.units)]
        first += len(passage.units)
        np.testing.assert_allclose(vectors, own, atol=0.5 / 127 + 1e-6)
        assert [segment.vocabulary[i] for i in segment.terms(number)] == data.terms[number]
    segment.close()


def test_vectors_are_kept_as_they_are(written: tuple[Path, SegmentData]) -> None:
    folder, data = written
    segment = opened(folder)
    np.testing.assert_array_equal(segment.vectors.reconstruct_n(0, segment.vectors.ntotal), data.vectors)
    np.testing.assert_array_equal(segment.windows, data.windows)
    segment.close()


def test_terms_are_those_of_the_passage_and_of_where_it_stands(written: tuple[Path, SegmentData]) -> None:
    _, data = written
    for passage, terms in zip(data.passages, data.terms, strict=True):
        assert terms == LEXICON.terms(folded(lead(passage) + passage.text))
    assert any(p.section and lead(p) == f"{p.section[0]}\n" for p in data.passages)


def test_a_segment_of_nothing(tmp_path: Path) -> None:
    write_segment(tmp_path / "s", data_of([]))
    segment = opened(tmp_path / "s")
    assert (segment.count, segment.owners, segment.document_ids()) == (0, [], [])
    segment.close()


def test_a_text_with_a_null_character_is_not_cut_there(tmp_path: Path) -> None:
    text = "甲\x00乙。丙丁戊。"
    document = Document("d", "k", "t", text, (Block("paragraph", 0, len(text)),))
    write_segment(tmp_path / "s", data_of([document]))
    segment = opened(tmp_path / "s")
    assert segment.document("d") == document
    assert [segment.passage(n)[0] for n in range(segment.count)] == split(document, max_chars=CHARS)
    segment.close()


def test_pages_are_kept(tmp_path: Path) -> None:
    text = "第一页。第二页。"
    blocks = (Block("paragraph", 0, 8, page=1, turns=((4, 2),)),)
    document = replace(documents()[0], text=text, blocks=blocks)
    data = data_of([document])
    write_segment(tmp_path / "s", data)
    segment = opened(tmp_path / "s")
    assert segment.document(document.id) == document
    assert segment.passage(0)[0] == data.passages[0]
    assert [segment.passage(0)[0].page_at(place) for place in (0, 3, 4, 7)] == [1, 1, 2, 2]


def test_it_is_written_once(written: tuple[Path, SegmentData]) -> None:
    with pytest.raises(FileExistsError):
        write_segment(*written)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", ["truncated", "flipped", "deleted", "emptied"])
def test_any_damage_names_the_file_and_the_command(
    written: tuple[Path, SegmentData], tmp_path: Path, name: str, damage: str
) -> None:
    folder, _ = written
    facts = checksums(folder)
    assert set(facts) == set(FILES)
    copy = tmp_path / "segment-1"
    shutil.copytree(folder, copy)
    path = copy / name
    content = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(content[:-1])
    elif damage == "flipped":
        path.write_bytes(
            content[: len(content) // 2] + bytes([content[len(content) // 2] ^ 1]) + content[len(content) // 2 + 1 :]
        )
    elif damage == "emptied":
        path.write_bytes(b"")
    else:
        path.unlink()
    with pytest.raises(IndexCorruptError, match=rf"segment-1/{name}.*`mend it`"):
        Segment(copy, facts, deep=True, mend="mend it")


@pytest.mark.parametrize("name", FILES)
def test_damage_that_no_checksum_was_asked_for_is_told_all_the_same(
    written: tuple[Path, SegmentData], tmp_path: Path, name: str
) -> None:
    folder, _ = written
    copy = tmp_path / "segment-1"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes(b"\xff" * (copy / name).stat().st_size)
    with pytest.raises(IndexCorruptError, match=r"segment-1 cannot be read.*`mend it`"):
        Segment(copy, checksums(folder), deep=False, mend="mend it").document_ids()


def test_versions_are_kept(tmp_path: Path) -> None:
    later = replace(documents()[0], version=7)
    write_segment(tmp_path / "s", data_of([later]))
    segment = opened(tmp_path / "s")
    assert segment.passage(0)[0].version == 7
    assert segment.document(later.id) == later
    segment.close()
