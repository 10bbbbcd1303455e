"""Many segments → one: the living documents together, their terms learned anew, old texts forgotten."""

from __future__ import annotations

import numpy as np

from rag.index.archive import KEEP_DAYS
from rag.index.build import Built, Progress, lead, lexicon_mark, require
from rag.index.segment import SegmentData
from rag.index.store import Store, View, retried
from rag.text.learn import learn
from rag.text.normalize import NORMALIZER_VERSION, folded
from rag.text.words import WORDS_VERSION, Learned, Lexicon


def compact(store: Store, *, keep_days: float = KEEP_DAYS, progress: Progress | None = None) -> Built:
    """Merge what lives into one segment and learn its terms anew; vectors are taken over, so no model is needed.

    Args:
        keep_days: the texts of what was deleted or replaced longer ago are forgotten.

    Returns:
        The living documents, as unchanged, and the number of their passages.

    Raises:
        IndexMissingError, IndexCorruptError, StorageError: see the store. IndexMismatchError: another version of this
            library cut the terms. IndexBusyError: others wrote each time this was about to.
    """
    return retried(lambda: _compacted(store, keep_days, progress))


def _compacted(store: Store, keep_days: float, progress: Progress | None) -> Built:
    report = progress or (lambda stage, done, total: None)
    view = store.view()
    require(view.fingerprint, {"normalizer": NORMALIZER_VERSION, "words": WORDS_VERSION}, store.place)
    documents = view.documents()
    report("learn", 0, 1)
    learned = learn(documents).frozen()
    report("learn", 1, 1)
    data = _merged(view, learned, report)
    generation = store.add(
        data,
        expected=view.generation,
        fingerprint={**view.fingerprint, "lexicon": lexicon_mark(learned)},
        learned=learned,
        replace=True,
        keep_days=keep_days,
    )
    return Built(generation, 0, 0, 0, len(documents), len(data.passages))


def _merged(view: View, learned: Learned, report: Progress) -> SegmentData:
    lexicon = Lexicon(learned.terms, learned.aliases)
    documents = view.documents()
    numbers = [number for document in documents for number in view.neighbours(document.id)]
    passages, units, windows, terms = [], [], [], []
    for done, number in enumerate(numbers, 1):
        passage, vectors = view.passage(number)
        passages.append(passage)
        units.append(vectors)
        windows.append(view.windows(number))
        terms.append(lexicon.terms(folded(lead(passage) + passage.text)))
        report("merge", done, len(numbers))
    none = [np.zeros((0, windows[0].shape[1] if windows else 1), dtype=np.float32)]
    return SegmentData(
        documents=documents,
        passages=passages,
        vectors=np.concatenate(none + windows),
        windows=np.repeat(np.arange(len(windows)), [len(w) for w in windows]).astype(np.int32),
        units=np.concatenate(none + units),
        terms=terms,
    )
