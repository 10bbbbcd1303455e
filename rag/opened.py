"""A generation of the index, opened: what all questions to it share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.index.store import Filter, View
from rag.retrieve.hybrid import search
from rag.retrieve.query import Query, read
from rag.retrieve.spell import Speller, corrected
from rag.settings import Settings
from rag.text.words import Lexicon
from rag.types import Hit


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation that fits the settings, and what is made once for all questions to it."""

    view: View
    lexicon: Lexicon
    speller: Speller

    def read(self, text: str) -> Query:
        """A question, or words to search for, read as it stands."""
        return read(text, self.lexicon, self.view.idf, self.view.frequency, self.speller.spoken)

    def mended(self, text: str) -> Query:
        """A question read; its typing errors mended where what was meant is clear."""
        return self.read(corrected(text, self.speller, self.lexicon, self.view.frequency))

    def search(
        self, query: Query, vector: npt.NDArray[np.float32], settings: Settings, top_k: int, filter: Filter | None
    ) -> list[Hit]:
        """The ``top_k`` best passages; ``vector`` is the question's, ``(d,) float32``."""
        return search(
            self.view,
            query,
            vector,
            top_k=top_k,
            candidates=settings.candidates,
            dense_weight=settings.dense_weight,
            filter=filter,
        )
