"""What a good reader would not call supported, in the ways in which language models err: figures moved to a neighbour, operators
dropped, who does what to whom, cells of another row, settings and conditions left out. All invented."""

import re
from pathlib import Path

import pytest

from rag.entail import Source, entailed
from rag.text.words import Lexicon

PLAIN = Lexicon()
_CASES = Path(__file__).with_name("not_supported.txt").read_text(encoding="utf-8").splitlines()
_SENTENCES = re.compile(r"(?<=。)(?!”)")


def _read(line: str) -> tuple[str, tuple[str, ...], str, str]:
    """A line of the file: ``{headings}header^text => statement``, headings parted by ``>``."""
    text, statement = (part.strip() for part in line.split("=>"))
    section: tuple[str, ...] = ()
    if text.startswith("{"):
        headings, text = text[1:].split("}", 1)
        section = tuple(headings.split(">"))
    header, _, text = text.rpartition("^")
    return text, section, header, statement


@pytest.mark.parametrize("line", [line for line in _CASES if "=>" in line])
def test_it_is_not_carried(line: str) -> None:
    text, section, header, statement = _read(line)
    apart = [Source(part, section, header) for part in _SENTENCES.split(text) if part]
    assert not entailed(statement, apart, PLAIN).supported
    assert not entailed(statement, [Source(text, section, header)], PLAIN).supported
