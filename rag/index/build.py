"""Documents → an index: split, encoded, their terms counted, published as one generation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from rag.documents.split import SPLITTER_VERSION, split
from rag.errors import IndexCorruptError, IndexMismatchError, IndexMissingError, InputError
from rag.index.embed import Encoder
from rag.index.segment import SegmentData
from rag.index.store import Store, missing_collection, retried
from rag.text.learn import learn
from rag.text.normalize import NORMALIZER_VERSION, folded, simplified
from rag.text.words import WORDS_VERSION, Learned, Lexicon
from rag.types import Document, Passage

Progress = Callable[[str, int, int], None]  # stage, done, total


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document that was given. ``id`` and ``version`` are those of the document that holds its
    content now: one with another key, where the same stored text was in the collection already (``unchanged``)."""

    key: str
    id: str
    version: int
    state: Literal["added", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. Counts are of documents; ``outcomes`` has one for each document given, in their order."""

    generation: int
    added: int
    replaced: int
    removed: int
    unchanged: int
    passages: int
    outcomes: tuple[Outcome, ...] = field(default=(), compare=False, repr=False)


def fingerprint(encoder: Encoder, passage_chars: int, learned: Learned) -> dict[str, str]:
    """What decides whether an index fits: an index made with another is refused by the name that differs."""
    return {
        "model": encoder.name,
        "engine": encoder.fingerprint,
        "splitter": f"{SPLITTER_VERSION}/{passage_chars}",
        "normalizer": NORMALIZER_VERSION,
        "words": WORDS_VERSION,
        "lexicon": lexicon_mark(learned),
    }


def lexicon_mark(learned: Learned) -> str:
    """What tells one lexicon from another."""
    return hashlib.sha256(json.dumps([learned.terms, learned.aliases], ensure_ascii=False).encode()).hexdigest()[:16]


def check(found: dict[str, str], encoder: Encoder, passage_chars: int, learned: Learned, index: str) -> None:
    """Raises IndexMismatchError where an index was made with something else than the settings ask for."""
    require(found, fingerprint(encoder, passage_chars, learned), index)


def require(found: Mapping[str, str], wanted: Mapping[str, str], index: str) -> None:
    """Raises IndexMismatchError for the first mark of an index that is not as ``wanted``."""
    for name, value in wanted.items():
        if found.get(name) != value:
            raise IndexMismatchError(
                f"The index was built with {name} {found.get(name)!r}, the settings ask for {value!r}. "
                f"Run `suanlian doctor --repair --index {index}` to make it anew from the documents in it, or set it back.",
                f"索引建立时的 {name} 是 {found.get(name)!r}，而当前设置要求 {value!r}。"
                f"请运行 `suanlian doctor --repair --index {index}` 用其中的文档重建，或改回原来的设置。",
            )


def build(
    store: Store,
    documents: Sequence[Document],
    encoder: Encoder,
    *,
    passage_chars: int,
    fresh: bool = False,
    keep: Collection[str] = (),
    others: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Bring the index to hold ``documents``: new and changed ones are read in, unchanged ones left alone.

    The same content is one document: one of another key whose stored text is in the index already, and stays, is not
    added again.

    A document that changed has its version raised, one that did not keeps its own, whatever ``fresh`` says; one that was
    removed and comes again is numbered above the versions that are still kept.

    What is new, changed and gone is decided by one generation, and holds only if that one is still published when it is
    written; else it is decided again.

    Args:
        fresh: make the whole index anew, learning its lexicon again.
        keep: ids of documents to leave in the index although they are not given; any other is removed.
        others: leave every document that is not given, also those that another writer adds meanwhile.

    Raises:
        IndexMismatchError: the index was made with other settings. IndexCorruptError: it is damaged (with ``fresh``
            neither is an error). IndexBusyError: others write to it, or wrote each time this build was about to.
        StorageError: see the store.
        InputError: two of the documents have one key. CollectionNotFoundError: it was deleted meanwhile.
    """
    if len({document.id for document in documents}) < len(documents):
        raise _twice(documents)
    work = _Work(store, documents, encoder, passage_chars, fresh, frozenset(keep), others, progress or _quiet)
    return retried(work.once)


@dataclass(frozen=True, slots=True)
class _Before:
    """What a build found. ``expected`` is the generation that is published, 0 for none or one that cannot be read;
    ``versions`` are the highest that are kept, of documents that are gone too."""

    expected: int
    opened: bool = False
    present: dict[str, Document] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    learned: Learned = field(default_factory=Learned)


@dataclass(slots=True)
class _Work:
    """A build, to be done again where another writer was first."""

    store: Store
    documents: Sequence[Document]
    encoder: Encoder
    passage_chars: int
    fresh: bool
    keep: frozenset[str]
    others: bool
    report: Progress
    found: bool = False  # an index was there once
    prepared: tuple[Sequence[Document], Learned, SegmentData] | None = None  # encoding is what takes long

    def once(self) -> Built:
        """Read, decide, encode, publish. Raises OvertakenError."""
        before = self._before()
        present = before.present
        given = {document.id for document in self.documents}
        gone = [] if self.others else sorted(set(present) - given - self.keep)
        staying = [document for i, document in present.items() if i not in given and i not in gone]
        versioned = [_versioned(d, present.get(d.id), before.versions.get(d.id, 0)) for d in self.documents]
        held = _held(versioned, staying, present)
        versioned = [d for d in versioned if d.id not in held]
        changed = [d for d in versioned if d.id not in present or present[d.id].sha256 != d.sha256]
        written, learned = changed, before.learned
        anew = self.fresh or not before.opened or (not present and bool(changed))  # with words come terms to learn
        if anew:
            written = [*versioned, *sorted(staying, key=lambda d: d.id)]
            self.report("learn", 0, 1)
            learned = learn(written).frozen()
            self.report("learn", 1, 1)
        generation, passages = before.expected, 0
        if written:
            data = self._data(written, learned)
            passages = len(data.passages)
            generation = self.store.add(
                data,
                expected=before.expected,
                fingerprint=fingerprint(self.encoder, self.passage_chars, learned),
                learned=learned,
                replace=anew,
                remove=gone,
            )
        elif gone:
            generation = self.store.remove(gone, expected=before.expected)
        replaced = sum(d.id in present for d in changed)
        outcomes = _outcomes(self.documents, versioned, held, changed, present)
        unchanged = len(self.documents) - len(changed)
        return Built(generation, len(changed) - replaced, replaced, len(gone), unchanged, passages, outcomes)

    def _before(self) -> _Before:
        published = self.store.generation()  # first: what is published after this is noticed when writing
        try:
            view = self.store.view()
            if not self.fresh:
                check(view.fingerprint, self.encoder, self.passage_chars, view.learned, self.store.place)
            present = {d.id: d for d in view.documents()}
            self.found = True
            return _Before(view.generation, True, present, view.versions(), view.learned)
        except IndexMissingError:
            if self.found and not self.fresh:  # what was decided for it is not for another
                raise missing_collection(self.store.name) from None
            return _Before(0)
        except IndexCorruptError:
            if not self.fresh:
                raise
            return _Before(published)

    def _data(self, written: Sequence[Document], learned: Learned) -> SegmentData:
        if self.prepared is None or self.prepared[:2] != (written, learned):
            lexicon = Lexicon(learned.terms, learned.aliases)
            data = prepare(written, self.encoder, lexicon, passage_chars=self.passage_chars, progress=self.report)
            self.prepared = (written, learned, data)
        return self.prepared[2]


def _quiet(stage: str, done: int, total: int) -> None:
    """Tells nobody."""


def _versioned(document: Document, before: Document | None, highest: int) -> Document:
    """The document with its number: that of what it is unchanged from, or the next above what is kept of it."""
    same = before is not None and before.sha256 == document.sha256
    return replace(document, version=before.version if before and same else highest + 1)


def _held(
    documents: Sequence[Document], staying: Sequence[Document], present: Mapping[str, Document]
) -> dict[str, Document]:
    """The new documents whose stored text another one has, by id, with that other one."""
    known = {d.text: d for d in staying} | {d.text: d for d in reversed(documents) if d.id in present}
    found: dict[str, Document] = {}
    for document in documents:
        first = known.setdefault(document.text, document)
        if first.id != document.id and document.id not in present:
            found[document.id] = first
    return found


def _outcomes(
    documents: Sequence[Document],
    versioned: Sequence[Document],
    held: Mapping[str, Document],
    changed: Sequence[Document],
    present: Mapping[str, Document],
) -> tuple[Outcome, ...]:
    now = {d.id: d for d in versioned} | dict(held)
    new = {d.id for d in changed}

    def state(id: str) -> Literal["added", "replaced", "unchanged"]:
        return "unchanged" if id not in new else "replaced" if id in present else "added"

    return tuple(Outcome(d.key, now[d.id].id, now[d.id].version, state(d.id)) for d in documents)


def _twice(documents: Sequence[Document]) -> InputError:
    seen: set[str] = set()
    key = next(d.key for d in documents if d.id in seen or seen.add(d.id))  # type: ignore[func-returns-value]
    return InputError(
        f"Two documents have the key {key}; give each its own.", f"有两个文档的键都是 {key}；请各用不同的键。"
    )


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
    # Encoded in one script, as folded for BM25: a Simplified question finds a Traditional passage (DRCD's questions so
    # converted, MRR@10 of the vectors alone: .814 → .851). Places stay the same, so ``spans`` hold.
    read = [simplified(text) for text in texts]
    encoded = encoder.encode_passages(read, spans, progress=lambda done: progress("encode", done, len(texts)))
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
