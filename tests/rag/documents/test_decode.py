import codecs

import pytest

from rag.documents.decode import decode, described, signature
from rag.errors import FileError

SIMPLIFIED = "显存的带宽决定了推理的速度，因此选购时应当留意。"
TRADITIONAL = "顯示卡的記憶體頻寬決定了推論的速度，因此選購時應當留意這一點。"


@pytest.mark.parametrize(
    "data",
    [
        SIMPLIFIED.encode(),
        codecs.BOM_UTF8 + SIMPLIFIED.encode(),
        SIMPLIFIED.encode("utf-16"),
        codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"),
        SIMPLIFIED.encode("utf-32"),
        SIMPLIFIED.encode("gb18030"),
    ],
)
def test_known_encodings(data: bytes) -> None:
    assert decode(data, "a.txt") == SIMPLIFIED


def test_big5_is_told_from_gb18030() -> None:
    assert decode(TRADITIONAL.encode("big5"), "a.txt") == TRADITIONAL
    assert decode(TRADITIONAL.encode("gb18030"), "a.txt") == TRADITIONAL


def test_a_declared_encoding_is_believed_after_utf8() -> None:
    assert decode("日本語です".encode("shift_jis"), "a.html", declared="shift_jis") == "日本語です"
    assert decode("显存".encode(), "a.html", declared="shift_jis") == "显存"
    assert decode(SIMPLIFIED.encode("gbk"), "a.html", declared="no-such-encoding") == SIMPLIFIED


def test_line_ends_become_newlines() -> None:
    assert decode(b"a\r\nb\rc\n", "a.txt") == "a\nb\nc\n"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 4, b"text\0with a nul", b"\xff\xfe\x00", "显".encode() + b"\xff\xff"]
)
def test_binary_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(FileError, match=r"a\.txt is not text"):
        decode(data, "a.txt")


def test_signatures() -> None:
    assert signature(b"\n%PDF-1.7") == "PDF"
    assert signature(b"PK\x03\x04rest") == "ZIP"
    assert signature("正文".encode()) == ""
    assert (described("PNG"), described("ZIP"), described("PDF")) == ("a PNG image", "a ZIP archive", "a PDF file")
