import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import load
from rag.documents.load import SUFFIXES, find_files, load_bytes, load_file
from rag.errors import FileError, NoDocumentsError

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def test_every_text_format_gives_the_same_sentence() -> None:
    for suffix in SUFFIXES - {".pdf", ".docx"}:
        document = load_bytes("茶是饮料。".encode(), name=f"tea{suffix.upper()}")
        assert (document.text, document.title, document.key) == ("茶是饮料。", "tea", f"tea{suffix.upper()}")


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"%PDF-1.7 ...", "a.txt", "is named .txt but holds a PDF file"),
        (PNG, "a.pdf", "is named .pdf but holds a PNG image"),
        ("正文".encode(), "a.docx", "is named .docx but holds something else"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "a.docx", "holds an old Office file"),
        (b"x", "a.exe", ".docx .htm .html .markdown .md .pdf .text .txt"),
        (b" \n", "a.md", "is empty"),
        (b"![x](y.png)\n\n[x](y)", "a.md", "holds no text"),
        (b"<html><script>1</script></html>", "a.html", "holds no text"),
        (b"\x80\x81\xff\xff", "a.txt", "is not text"),
    ],
)
def test_what_cannot_be_read_is_said(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        load_bytes(data, name=name, key="docs/the-key")
    assert reason in caught.value.en
    assert "docs/the-key" in caught.value.en
    assert "docs/the-key" in caught.value.zh


def test_too_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(load, "MAX_BYTES", 3)
    (tmp_path / "a.txt").write_bytes(b"1234")
    with pytest.raises(FileError, match="larger than"):
        load_bytes(b"1234", name="a.txt")
    with pytest.raises(FileError, match="larger than"):
        load_file(tmp_path / "a.txt")


@given(
    st.binary(max_size=300),
    st.sampled_from(sorted(SUFFIXES)),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"---\n"]),
)
def test_any_bytes_give_a_document_or_a_file_error(data: bytes, suffix: str, start: bytes) -> None:
    try:
        document = load_bytes(start + data, name=f"a{suffix}")
    except FileError:
        return
    assert document.text.strip()


@given(
    st.text(alphabet="#*-_`|>[]()!<>&\\ \n\t：:。，a1甲乙\u200b", max_size=120),
    st.sampled_from([".md", ".html", ".txt"]),
)
def test_blocks_tile_the_text(text: str, suffix: str) -> None:
    try:
        document = load_bytes(text.encode(), name=f"a{suffix}")
    except FileError:
        return
    end = 0
    for block in document.blocks:
        assert document.text[end : block.start] in ("", "\n", "\n\n")
        assert block.start < block.end
        end = block.end
    assert end == len(document.text)


def test_load_file_and_its_errors(tmp_path: Path) -> None:
    (tmp_path / "茶.md").write_text("# 绿茶\n\n香。", encoding="utf-8")
    document = load_file(tmp_path / "茶.md", key="a/茶.md")
    assert (document.key, document.title) == ("a/茶.md", "绿茶")
    assert load_file(tmp_path / "茶.md").key == "茶.md"
    for path in (tmp_path / "none.md", tmp_path):
        with pytest.raises(FileError, match="cannot be opened") as caught:
            load_file(path, key="the-key")
        assert str(tmp_path) not in caught.value.en


def test_find_files(tmp_path: Path) -> None:
    for name in ("b.md", "a/c.TXT", "a/README.md", "README.md", "readme.txt", ".hidden.md", ".git/x.md", "a/d.png"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    folder = tmp_path / "docs"
    assert find_files([folder]) == [
        (folder / "a/README.md", "a/README.md"),
        (folder / "a/c.TXT", "a/c.TXT"),
        (folder / "b.md", "b.md"),
    ]
    assert find_files([folder / "README.md"]) == [(folder / "README.md", "README.md")]
    assert find_files([folder / "b.md", folder]) == find_files([folder])


def test_find_files_errors(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="does not exist"):
        find_files([tmp_path / "none"])
    with pytest.raises(NoDocumentsError, match=r"\.docx .*\.txt"):
        find_files([tmp_path])
    (tmp_path / "a.png").write_bytes(PNG)
    with pytest.raises(FileError, match=r"a\.png is of a format"):
        find_files([tmp_path / "a.png"])
    for name in ("one", "two"):
        os.mkdir(tmp_path / name)
        (tmp_path / name / "same.md").write_text("x")
    with pytest.raises(FileError, match=r"both be known as same\.md"):
        find_files([tmp_path / "one", tmp_path / "two"])
