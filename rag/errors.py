"""Every error this library raises on purpose.

    SuanlianError
    ├── InputError              what the caller gave is wrong (exit code 2, HTTP 4xx)
    │   ├── QuestionError       an empty, oversized or wordless question
    │   ├── FileError           a file that cannot be read as what it claims to be
    │   ├── NoDocumentsError    a path with nothing to read in it
    │   ├── SettingError        an unknown setting or a value out of range
    │   ├── CollectionExistsError   a collection of that name is there already
    │   ├── LanguageModelMissingError   mode llm, and none is configured
    │   ├── IdempotencyError    an idempotency key came again with another request
    │   ├── BatchChangedError   a batch was begun with other settings
    │   └── NotFoundError       a document that is not there
    │       └── CollectionNotFoundError   a collection that is not there
    ├── IndexError_             the index cannot be used as it is
    │   ├── IndexMissingError   there is none
    │   ├── IndexMismatchError  it was built with another model, splitter or lexicon
    │   ├── IndexCorruptError   a file differs from its checksum
    │   └── IndexBusyError      another process is writing
    ├── BatchBusyError          another process is at work on the batch
    ├── QuestionFailedError     a bug met while a question of a batch was answered
    ├── ModelError              the embedding model cannot be loaded
    ├── LanguageModelError      the language model failed, was late, or is left alone for a while
    ├── NobodyWaitsError        whoever asked left before the answer was there
    └── StorageError            the disk refused (full, read-only)

Each carries one sentence that says what is wrong and what to do, in Chinese and in English; ``code`` is
the machine-readable name that the HTTP API sends.
"""

from __future__ import annotations

from typing import Literal


class SuanlianError(Exception):
    """Root of the tree.

    Args:
        en: one English sentence: what is wrong and what to do.
        zh: the same in Chinese.
        param: the name of the offending input, as the API names it.
    """

    code = "error"

    def __init__(self, en: str, zh: str = "", *, param: str | None = None) -> None:
        super().__init__(en)
        self.en = en
        self.zh = zh or en
        self.param = param


class InputError(SuanlianError):
    """What the caller gave is wrong."""

    code = "invalid_input"


class QuestionError(InputError):
    """A question that cannot be asked: empty, too long, or without a word in it."""

    def __init__(self, en: str, zh: str = "", *, code: str, param: str | None = None) -> None:
        super().__init__(en, zh, param=param)
        self.code = code


class FileError(InputError):
    """A file that cannot be read as what it claims to be."""

    code = "unreadable_file"


class NoDocumentsError(InputError):
    """A path with nothing readable in it."""

    code = "no_documents"


class SettingError(InputError):
    """An unknown setting, or a value that is out of range."""

    code = "invalid_setting"


class CollectionExistsError(InputError):
    """A collection of that name is there already."""

    code = "collection_exists"


class NotFoundError(InputError):
    """A document that is not there."""

    code = "not_found"


class CollectionNotFoundError(NotFoundError):
    """A collection that is not there."""

    code = "collection_not_found"


class LanguageModelMissingError(InputError):
    """``mode="llm"`` was asked for and no language model is configured."""

    code = "llm_not_configured"


class IdempotencyError(InputError):
    """An idempotency key came again with another request."""

    code = "idempotency_key_reused"

    @classmethod
    def reused(cls) -> IdempotencyError:
        """The error where it was sent before with another request."""
        return cls(
            "This Idempotency-Key was sent before with another request; use a new one for a new request.",
            "这个 Idempotency-Key 已用于另一个内容不同的请求；新的请求请换一个。",
            param="Idempotency-Key",
        )


class BatchChangedError(InputError):
    """A batch was begun with another mode, collection or index than it should now go on with."""

    code = "batch_changed"


class BatchBusyError(SuanlianError):
    """Another process is at work on the batch."""

    code = "batch_busy"


class QuestionFailedError(SuanlianError):
    """A bug met while a question of a batch was answered."""

    code = "internal_error"


class IndexError_(SuanlianError):
    """The index cannot be used as it is. (The underscore keeps the builtin's name free.)"""

    code = "index_error"


class IndexMissingError(IndexError_):
    """There is no index at the place named."""

    code = "index_missing"


class IndexMismatchError(IndexError_):
    """The index was built with another model, engine, splitter or lexicon."""

    code = "index_mismatch"


class IndexCorruptError(IndexError_):
    """A file of the index differs from its checksum, or is gone."""

    code = "index_corrupt"


class IndexBusyError(IndexError_):
    """Another process holds the writer's lock."""

    code = "index_busy"


class ModelError(SuanlianError):
    """The embedding model cannot be loaded."""

    code = "model_error"


class LanguageModelError(SuanlianError):
    """The language model gave no answer. ``reason`` is ``failed``, ``late``, or ``paused`` (it is left alone for a while after
    failing too often; ``retry_after`` seconds are left)."""

    code = "llm_unavailable"

    def __init__(
        self,
        en: str,
        zh: str = "",
        *,
        param: str | None = None,
        reason: Literal["failed", "late", "paused"] = "failed",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__(en, zh, param=param)
        self.reason = reason
        self.retry_after = retry_after


class NobodyWaitsError(SuanlianError):
    """Whoever asked left before the answer was there (:meth:`rag.Waiter.leave`), so it was not finished."""

    code = "nobody_waits"


class StorageError(SuanlianError):
    """The disk refused to write (full, read-only, no permission)."""

    code = "storage_error"
