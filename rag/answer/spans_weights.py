"""The weights of the model that reads the bare fact, and the form of the file that they lie in.

One weight a line, a feature's name and thousandths: ``b:nr 676`` for every type of answer, ``person//b:nr 210`` on top
of it for one. A line that begins with "# " is a remark. ``docs/training.md`` says how they were fitted and how well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Self

FILE = "spans_weights.txt"
_OF = "//"  # between a type of answer and a feature
_REMARK = "# "


@dataclass(frozen=True, slots=True)
class Weights:
    """``general`` weighs a feature for every type of answer; ``own`` adds to it for one."""

    general: Mapping[str, float]
    own: Mapping[str, Mapping[str, float]]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The weights in a file's text. Raises ValueError where a line holds no whole number."""
        general: dict[str, float] = {}
        own: dict[str, dict[str, float]] = {}
        for line in text.splitlines():
            name, _, value = line.rpartition(" ")
            if not name or line.startswith(_REMARK):
                continue
            sort, slash, feature = name.partition(_OF)
            if slash:
                own.setdefault(sort, {})[feature] = int(value) / 1000
            else:
                general[name] = int(value) / 1000
        return cls(general, own)

    def text(self, remark: str = "") -> str:
        """The file's text, in the order of the names; weights that round to nothing are left out."""
        named = {
            **self.general,
            **{f"{sort}{_OF}{feature}": w for sort, mine in self.own.items() for feature, w in mine.items()},
        }
        lines = [f"{name} {round(weight * 1000)}" for name, weight in sorted(named.items()) if round(weight * 1000)]
        return "".join(f"{line}\n" for line in [*(_REMARK + line for line in remark.splitlines()), *lines])

    def of(self, sort: str) -> dict[str, float]:
        """What each feature weighs for one type of answer."""
        mine = self.own.get(sort, {})
        return {name: self.general.get(name, 0.0) + mine.get(name, 0.0) for name in {**self.general, **mine}}


@lru_cache(maxsize=1)
def fitted() -> Weights:
    """The weights that come with the library."""
    return Weights.parse(files("rag.answer").joinpath(FILE).read_text(encoding="utf-8"))


@lru_cache(maxsize=32)
def fitted_for(sort: str) -> dict[str, float]:
    """Those for one type of answer."""
    return fitted().of(sort)
