"""A table {character: replacement} as SentencePiece's ``precompiled_charsmap``.

That is a u32 size, a double-array trie over the UTF-8 bytes of the characters, and the replacements, each ended
by a zero byte. A unit of the trie is 32 bits: the label of the byte that leads to it (0–7), whether a value
follows (8), and the offset to its children (10–30), who live at ``(place ^ offset) ^ byte``; a value has bit 31 set
and lives at byte 0. See S. Kanda et al. and the Darts-clone library, whose layout this is.
"""

from __future__ import annotations

import struct
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

import numpy as np

_HAS_VALUE = 1 << 8
_IS_VALUE = 1 << 31
_OFFSET_SHIFT = 10

# A node maps the next byte to its child; byte 0 (no character but U+0000 holds it) maps to the value.
_Node = dict[int, Any]


def compile_charsmap(table: Mapping[str, str]) -> bytes:
    """The table in SentencePiece's binary form. Keys are single characters other than U+0000."""
    replacements = bytearray()
    positions: dict[str, int] = {}
    root: _Node = {}
    for character, replacement in sorted(table.items()):
        if replacement not in positions:
            positions[replacement] = len(replacements)
            replacements += replacement.encode() + b"\0"
        node = root
        for byte in character.encode():
            node = node.setdefault(byte, {})
        node[0] = positions[replacement]
    trie = _double_array(root)
    return struct.pack("<I", len(trie)) + trie + bytes(replacements)


def _double_array(root: _Node) -> bytes:
    units: dict[int, int] = {0: 0}
    bases: set[int] = set()
    waiting = deque([(root, 0, 0)])
    # Where the last node with as many children found room: looking again before it would be in vain for most.
    begin: defaultdict[int, int] = defaultdict(lambda: 1)
    while waiting:
        node, place, label = waiting.popleft()
        base = begin[len(node)]
        # A base is used once: two nodes that shared one would see each other's children.
        while base in bases or any((base ^ byte) in units for byte in node):
            base += 1
        begin[len(node)] = base + 1
        bases.add(base)
        units[place] = ((place ^ base) << _OFFSET_SHIFT) | (_HAS_VALUE if 0 in node else 0) | label
        for byte, child in node.items():
            if byte == 0:
                units[base] = child | _IS_VALUE
            else:
                units[base ^ byte] = 0
                waiting.append((child, base ^ byte, byte))
    # Readers look at any of the 256 places around a base.
    size = (max(max(units), max(bases)) | 0xFF) + 1
    array = np.zeros(size, dtype="<u4")
    array[list(units)] = list(units.values())
    return array.tobytes()
