"""Suanlian's library: everything needed to answer a question from documents, with the exact words behind each answer."""

from rag.answer.generate import Written
from rag.assistant import Assistant
from rag.documents.assemble import document_from_text
from rag.documents.load import file_suffixes, find_files
from rag.documents.outline import sections
from rag.documents.split import split
from rag.documents.upload import load_upload
from rag.errors import (
    BatchBusyError,
    BatchChangedError,
    CollectionExistsError,
    CollectionNotFoundError,
    FileError,
    IdempotencyError,
    IndexBusyError,
    IndexCorruptError,
    IndexError_,
    IndexMismatchError,
    IndexMissingError,
    InputError,
    LanguageModelError,
    LanguageModelMissingError,
    ModelError,
    NobodyWaitsError,
    NoDocumentsError,
    NotFoundError,
    QuestionError,
    QuestionFailedError,
    SettingError,
    StorageError,
    SuanlianError,
)
from rag.events import Event, events_of
from rag.index.build import Built, Outcome
from rag.index.files import replace_file, replacing, storage
from rag.index.store import Filter
from rag.jobs.batch import BatchProgress, run_batch, stops_a_batch
from rag.jobs.batch_lines import BatchLine, batch_lines
from rag.jobs.collections import (
    CollectionInfo,
    collection_info,
    create_collection,
    delete_collection,
    has_collection,
    is_collection_name,
    list_collections,
)
from rag.jobs.documents import add_documents, compact, remove_documents
from rag.jobs.ingest import Ingested, encoder_of, ingest, ingest_documents, store_of
from rag.jobs.ingestion import Ingestion, Problem, Result, Spooled, Upload
from rag.jobs.journal import BatchJournal
from rag.jobs.queue import IngestionQueue
from rag.jobs.spool import Incoming
from rag.jobs.worker import IngestionWorker
from rag.llm.model import LanguageModel
from rag.llm.waiter import Waiter
from rag.reply import package_version
from rag.retrieve.result import SearchResult
from rag.settings import Settings, load_settings
from rag.sources import source_list
from rag.text.made import how_made
from rag.types import (
    Answer,
    Citation,
    Document,
    DocumentRef,
    Edge,
    Graph,
    Item,
    Mode,
    Node,
    Passage,
    Related,
    Repair,
    ShortAnswer,
    Statement,
    Usage,
)

__all__ = [
    "Answer",
    "Assistant",
    "BatchBusyError",
    "BatchChangedError",
    "BatchJournal",
    "BatchLine",
    "BatchProgress",
    "Built",
    "Citation",
    "CollectionExistsError",
    "CollectionInfo",
    "CollectionNotFoundError",
    "Document",
    "DocumentRef",
    "Edge",
    "Event",
    "FileError",
    "Filter",
    "Graph",
    "IdempotencyError",
    "Incoming",
    "IndexBusyError",
    "IndexCorruptError",
    "IndexError_",
    "IndexMismatchError",
    "IndexMissingError",
    "Ingested",
    "Ingestion",
    "IngestionQueue",
    "IngestionWorker",
    "InputError",
    "Item",
    "LanguageModel",
    "LanguageModelError",
    "LanguageModelMissingError",
    "Mode",
    "ModelError",
    "NoDocumentsError",
    "NobodyWaitsError",
    "Node",
    "NotFoundError",
    "Outcome",
    "Passage",
    "Problem",
    "QuestionError",
    "QuestionFailedError",
    "Related",
    "Repair",
    "Result",
    "SearchResult",
    "SettingError",
    "Settings",
    "ShortAnswer",
    "Spooled",
    "Statement",
    "StorageError",
    "SuanlianError",
    "Upload",
    "Usage",
    "Waiter",
    "Written",
    "add_documents",
    "batch_lines",
    "collection_info",
    "compact",
    "create_collection",
    "delete_collection",
    "document_from_text",
    "encoder_of",
    "events_of",
    "file_suffixes",
    "find_files",
    "has_collection",
    "how_made",
    "ingest",
    "ingest_documents",
    "is_collection_name",
    "list_collections",
    "load_settings",
    "load_upload",
    "package_version",
    "remove_documents",
    "replace_file",
    "replacing",
    "run_batch",
    "sections",
    "source_list",
    "split",
    "stops_a_batch",
    "storage",
    "store_of",
]
