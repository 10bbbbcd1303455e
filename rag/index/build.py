"""Documents → an index: split, encoded, their terms counted, published as one generation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.documents.split import SPLITTER_VERSION, split
from rag.errors import IndexMismatchError, IndexMissingError
from rag.index.embed import Encoder
from rag.index.local import LocalStore
from rag.index.segment import SegmentData
from rag.text.learn import learn
from rag.text.normalize import NORMALIZER_VERSION, folded
from rag.text.words import WORDS_VERSION, Learned, Lexicon
from rag.types import Document, Passage

Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. Counts are of documents."""

    generation: int
    added: int
    replaced: int
    removed: int
    unchanged: int
    passages: int


def fingerprint(encoder: Encoder, passage_chars: int, learned: Learned) -> dict[str, str]:
    """What decides whether an index fits: an index made with another is refused by the name that differs."""
    lexicon = hashlib.sha256(json.dumps([learned.terms, learned.aliases], ensure_ascii=False).encode()).hexdigest()[:16]
    return {
        "model": encoder.name,
        "engine": encoder.fingerprint,
        "splitter": f"{SPLITTER_VERSION}/{passage_chars}",
        "normalizer": NORMALIZER_VERSION,
        "words": WORDS_VERSION,
        "lexicon": lexicon,
    }


def check(found: dict[str, str], encoder: Encoder, passage_chars: int, learned: Learned, index: str) -> None:
    """Raises IndexMismatchError where an index was made with something else than the settings ask for."""
    wanted = fingerprint(encoder, passage_chars, learned)
    for name, value in wanted.items():
        if found.get(name) != value:
            raise IndexMismatchError(
                f"The index was built with {name} {found.get(name)!r}, the settings ask for {value!r}. "
                f"Run `suanlian build --index {index} --fresh`, or set it back.",
                f"索引建立时的 {name} 是 {found.get(name)!r}，而当前设置要求 {value!r}。"
                f"请运行 `suanlian build --index {index} --fresh` 重建，或改回原来的设置。",
            )


def build(
    store: LocalStore,
    documents: Sequence[Document],
    encoder: Encoder,
    *,
    passage_chars: int,
    fresh: bool = False,
    keep: Collection[str] = (),
    progress: Progress | None = None,
) -> Built:
    """Bring the index to hold ``documents``: new and changed ones are read in, unchanged ones left alone.

    Args:
        fresh: make the whole index anew, learning its lexicon again.
        keep: ids of documents to leave in the index although they are not given; any other is removed.

    Raises:
        IndexMismatchError: the index was made with other settings. IndexBusyError, StorageError: see the store.
    """
    report = progress or (lambda stage, done, total: None)
    present: dict[str, Document] = {}
    learned = Learned()
    if not fresh:
        try:
            view = store.view()
            check(view.fingerprint, encoder, passage_chars, view.learned, str(store.folder.parent))
            present, learned = {d.id: d for d in view.documents()}, view.learned
        except IndexMissingError:
            fresh = True
    if fresh:
        report("learn", 0, 1)
        learned = learn(documents).frozen()
        report("learn", 1, 1)
    changed = [d for d in documents if d.id not in present or present[d.id].sha256 != d.sha256]
    changed = [replace(d, version=present[d.id].version + 1) if d.id in present else d for d in changed]
    gone = sorted(set(present) - {d.id for d in documents} - set(keep))
    generation, passages = -1, 0
    if changed or fresh:
        data = prepare(
            changed, encoder, Lexicon(learned.terms, learned.aliases), passage_chars=passage_chars, progress=report
        )
        marks = fingerprint(encoder, passage_chars, learned)
        generation = store.add(data, fingerprint=marks, learned=learned, replace=fresh)
        passages = len(data.passages)
    if gone:
        generation = store.remove(gone)
    if generation < 0:
        generation = store.view().generation
    replaced = sum(d.id in present for d in changed)
    unchanged = len(documents) - len(changed)
    return Built(generation, len(changed) - replaced, replaced, len(gone), unchanged, passages)


def prepare(
    documents: Sequence[Document], encoder: Encoder, lexicon: Lexicon, *, passage_chars: int, progress: Progress
) -> SegmentData:
    """Split and encode documents into the data of a segment."""
    passages = [passage for document in documents for passage in split(document, max_chars=passage_chars)]
    leads = [lead(passage) for passage in passages]
    texts = [head + passage.text for head, passage in zip(leads, passages, strict=True)]
    spans = [
        [(u.start - p.start + len(head), u.end - p.start + len(head)) for u in p.units]
        for head, p in zip(leads, passages, strict=True)
    ]
    encoded = encoder.encode_passages(texts, spans, progress=lambda done: progress("encode", done, len(texts)))
    empty = np.zeros((0, encoder.dimension), dtype=np.float32)
    return SegmentData(
        documents=documents,
        passages=passages,
        vectors=np.concatenate([empty, *(e.vectors for e in encoded)]).astype(np.float32),
        windows=np.repeat(np.arange(len(encoded)), [len(e.vectors) for e in encoded]).astype(np.int32),
        units=np.concatenate([empty, *(e.span_vectors for e in encoded)]).astype(np.float32),
        terms=[lexicon.terms(folded(text)) for text in texts],
    )


def lead(passage: Passage) -> str:
    """What goes before a passage's text when it is encoded and indexed: where it stands."""
    return " › ".join(passage.section) + "\n" if passage.section else ""
