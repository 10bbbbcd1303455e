"""Opening what the command line is asked about: an index that is named must be there, the default one is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from suanlian import console

if TYPE_CHECKING:
    from rag import Assistant, Settings


def _examples(assistant: Assistant) -> Path | tuple[str, ...]:
    """Questions to show on the page: those over the bundled corpus, where that is what answers."""
    bundled = {path.name for path in Path(assistant.settings.documents).glob("*.md")}
    if not bundled or not bundled <= {document.key for document in assistant.documents()}:
        return ()
    return Path(__file__).parent / "examples.txt"


def opened(settings: Settings, collection: str | None = None) -> tuple[Assistant, Path | tuple[str, ...]]:
    """The assistant of the settings' index, which is built where it is missing, and the examples that the page offers.

    Args:
        collection: the one named on the command line, which must exist.
    """
    assistant = open_assistant(settings, None, collection)
    return assistant, _examples(assistant)


def open_assistant(settings: Settings, index: Path | None, collection: str | None) -> Assistant:
    """The assistant of the settings' index. An ``index`` or a ``collection`` named on the command line must exist; the
    default one is built when it is missing."""
    from rag import Assistant, encoder_of, has_collection, ingest, list_collections, store_of
    from rag.index.store import missing_collection

    if collection is not None and not has_collection(settings, collection) and list_collections(settings):
        raise missing_collection(collection)
    if index is None and collection is None and not store_of(settings).exists():
        console.print_note(f"第一次使用：建立索引 first start: building the index at {settings.index}")
        with console.progress() as (advance, line):
            encoder = encoder_of(settings, progress=line)
            ingest([settings.documents], settings, encoder=encoder, progress=advance)
        return Assistant.open(settings=settings, encoder=encoder)
    return Assistant.open(
        settings.index if index or collection else None, settings=settings, progress=console.print_note
    )
