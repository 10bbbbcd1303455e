"""Numerals, Arabic and Chinese, as numbers; of folded text."""

from __future__ import annotations

import re

_FIGURES = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10_000, "亿": 100_000_000}
_NUMERAL = re.compile(r"(?P<arabic>\d[\d,]*(?:\.\d+)?)|(?P<chinese>[零〇一二两三四五六七八九十百千万亿]+)")
_SCALE = re.compile(r"\s?([百千]?[万亿]+|[百千])")


def whole_number(numeral: str) -> int:
    """A numeral as a number; 0 for what is none.

    >>> whole_number("十二"), whole_number("两"), whole_number("7"), whole_number("三千二百"), whole_number("二〇二四")
    (12, 2, 7, 3200, 2024)
    """
    if numeral.isdecimal():
        return int(numeral)
    if not numeral or any(char not in _FIGURES and char not in _TENS and char not in _SCALES for char in numeral):
        return 0
    if all(char in _FIGURES for char in numeral):  # digit by digit: 二〇二四
        return int("".join(str(_FIGURES[char]) for char in numeral))
    total = section = figure = 0
    for char in numeral:
        if char in _FIGURES:
            figure = _FIGURES[char]
        elif char in _TENS:
            section += (figure or 1) * _TENS[char]
            figure = 0
        else:
            total = (
                (total + section + figure) * _SCALES[char]
                if char == "亿"
                else total + (section + figure) * _SCALES[char]
            )
            section = figure = 0
    return total + section + figure


def amounts(text: str) -> list[float]:
    """The amounts that a text states, in order, each with its scale (万, 亿) counted in; units are left aside.

    >>> amounts("约2,440亿美元"), amounts("三千二百亩"), amounts("20%-30%")
    ([244000000000.0], [3200.0], [20.0, 30.0])
    """
    found = []
    for match in _NUMERAL.finditer(text):
        if match["arabic"]:
            value = float(match["arabic"].replace(",", ""))
            scale = _SCALE.match(text, match.end())
            for char in scale[1] if scale else "":
                value *= _TENS.get(char) or _SCALES[char]
        elif match.start() and text[match.start() - 1].isdecimal():
            continue  # the scale of the figure before it
        else:
            value = float(whole_number(match["chinese"]))
        found.append(value)
    return found
