"""``suanlian add``, ``remove``, ``list`` and ``compact``: the documents of an index, and its collections."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suanlian import console
from suanlian.options import CollectionOption, IndexOption, JsonOption

if TYPE_CHECKING:
    from rag import Document, Outcome, Settings


def add(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹 files and folders", show_default=False)],
    index: IndexOption = None,
    collection: CollectionOption = None,
    key: Annotated[
        str | None, typer.Option(help="文档的键，同键的新内容是新版本；只用于一个文件 your name for the one file given")
    ] = None,
    title: Annotated[str, typer.Option(help="标题；只用于一个文件 title of the one file given")] = "",
    source: Annotated[str, typer.Option(help="来源，如网址 where it is from, such as a URL")] = "",
    published: Annotated[str, typer.Option(help="发布日期 date, such as 2024-01-31")] = "",
    tags: Annotated[str, typer.Option(help="标签，用逗号分隔 tags, parted by commas")] = "",
    as_json: JsonOption = False,
) -> None:
    """加入文档，已有的文档不变。 Add documents to an index; the others stay. Done when they are on disk."""
    from rag import ingest
    from rag.documents.assemble import described
    from rag.documents.load import find_files, load_file

    settings = _settings(index, collection)
    if (key or title) and len(find_files(paths)) > 1:
        raise typer.BadParameter(
            "there are several files; give one alone to name it 这里有多个文件，命名时请只给一个",
            param_hint="--key" if key else "--title",
        )
    told = {"title": _plain(title), "source": _plain(source), "published": _plain(published)}
    named = tuple(_plain(tags).replace("，", ",").split(",")) if tags else ()

    def load(path: Path, of: str) -> Document:
        return described(load_file(path, key=_plain(key) if key else of), tags=named, **told)

    with console.progress() as (advance, line):
        done = ingest(paths, settings, others=True, load=load, progress=advance, stage=line)
    built = done.built
    if as_json:
        counts = {name: getattr(built, name) for name in ("generation", "added", "replaced", "unchanged")}
        outcomes = [{"key": o.key, "id": o.id, "version": o.version, "state": o.state} for o in built.outcomes]
        failed = [error.en for error in done.failures]
        console.print_json({**_place(settings), **counts, "documents": outcomes, "failed": failed})
    else:
        for outcome in built.outcomes:
            console.print_finding(True, _told(outcome))
        console.print_finding(
            True,
            f"{settings.index}/{settings.collection}: generation {built.generation}: "
            f"+{built.added} new, {built.replaced} replaced, {built.unchanged} unchanged documents",
        )
    for error in done.failures:
        console.print_error(error.en, error.zh)
    if done.failures:
        raise typer.Exit(2)


def remove(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="ID_OR_KEY…", help="文档的 ID 或键 ids or keys", show_default=False)
    ] = None,
    index: IndexOption = None,
    collection: CollectionOption = None,
    whole: Annotated[
        bool, typer.Option("--whole-collection", help="删除 --collection 指明的整个资料集 delete the collection itself")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """移除文档。 Remove documents, all that are named or none; their text can be read by version for seven days."""
    from rag import delete_collection, remove_documents

    settings = _settings(index, collection)
    if whole != (not names) or (whole and collection is None):
        raise typer.BadParameter(
            "name documents, or --collection NAME --whole-collection 请写明文档，或用 --collection NAME --whole-collection",
            param_hint="ID_OR_KEY",
        )
    if whole:
        delete_collection(settings, settings.collection)
        told: dict[str, Any] = {"deleted": True}
        line = f"已删除资料集 collection deleted: {settings.index}/{settings.collection}"
    else:
        ids = _ids(names or [], settings)
        told = {"generation": remove_documents(ids, settings), "removed": ids}
        line = f"已移除 removed: {len(ids)} documents (generation {told['generation']})"
    if as_json:
        console.print_json({**_place(settings), **told})
    else:
        console.print_finding(True, line)


def list_(
    index: IndexOption = None,
    collection: CollectionOption = None,
    collections: Annotated[bool, typer.Option("--collections", help="列出资料集 list the collections instead")] = False,
    as_json: JsonOption = False,
) -> None:
    """列出文档或资料集。 The documents of an index, or its collections."""
    from dataclasses import asdict

    from rag import list_collections, store_of

    settings = _settings(index, collection)
    if collections:
        there = list_collections(settings)
        if as_json:
            console.print_json({"index": str(settings.index), "collections": [asdict(one) for one in there]})
        for one in there if not as_json else ():
            console.print_row(one.name, f"{one.documents} documents", f"{one.passages} passages")
        return
    _there(settings)
    documents = store_of(settings).view().documents()
    if as_json:
        console.print_json({**_place(settings), "documents": [_facts(document) for document in documents]})
    for document in documents if not as_json else ():
        console.print_row(document.id, f"v{document.version}", document.key, document.title, document.published)


def compact(
    index: IndexOption = None,
    collection: CollectionOption = None,
    keep_days: Annotated[
        float, typer.Option(min=0, help="保留多少天内删除或替换的文本 days for which old texts are kept")
    ] = 7,
    as_json: JsonOption = False,
) -> None:
    """合并分段，重新学习术语，清除早已删除的文本。 Merge segments, learn terms anew, forget what was deleted long ago."""
    from rag import compact as merge

    settings = _settings(index, collection)
    _there(settings)
    with console.progress() as (advance, _):
        done = merge(settings, keep_days=keep_days, progress=advance)
    facts = {"generation": done.generation, "documents": done.unchanged, "passages": done.passages}
    if as_json:
        console.print_json({**_place(settings), **facts})
    else:
        console.print_finding(
            True,
            f"{settings.index}/{settings.collection}: generation {done.generation}: "
            f"{done.unchanged} documents, {done.passages} passages",
        )


def register(app: typer.Typer) -> None:
    """Make these commands of the command line."""
    app.command()(add)
    app.command()(remove)
    app.command(name="list")(list_)
    app.command()(compact)


def _settings(index: Path | None, collection: str | None) -> Settings:
    from rag import load_settings

    return load_settings(index=index, collection=collection)


def _plain(text: str) -> str:
    """An argument that is not UTF-8 comes as lone surrogates, which nothing can store."""
    return text.encode("utf-8", "replace").decode()


def _place(settings: Settings) -> dict[str, str]:
    return {"index": str(settings.index), "collection": settings.collection}


def _there(settings: Settings) -> None:
    """Raises IndexMissingError where there is no index at all, CollectionNotFoundError where it lacks the collection."""
    from rag import has_collection, list_collections, store_of
    from rag.index.store import missing_collection

    if not has_collection(settings, settings.collection):
        if not list_collections(settings):
            store_of(settings).view()
        raise missing_collection(settings.collection)


def _ids(names: list[str], settings: Settings) -> list[str]:
    """The ids of the documents named by id or key. Raises NotFoundError for the first that is neither."""
    from rag import NotFoundError, store_of

    _there(settings)
    documents = store_of(settings).view().documents()
    known = {document.key: document.id for document in documents} | {document.id: document.id for document in documents}
    for name in names:
        if name not in known:
            shown = _plain(name)
            raise NotFoundError(
                f"There is no document {shown!r}; nothing was removed. `suanlian list` shows those there are.",
                f"没有文档“{shown}”；没有移除任何文档。`suanlian list` 列出已有的文档。",
            )
    return list(dict.fromkeys(known[name] for name in names))


def _told(outcome: Outcome) -> str:
    from rag.documents.load import document_id

    if outcome.id != document_id(outcome.key):
        return f"{outcome.key}: 内容已有 its content is held by {outcome.id} already"
    word = {"added": "新增 added", "replaced": "更新 replaced", "unchanged": "未变 unchanged"}[outcome.state]
    return f"{outcome.key}: {word} {outcome.id} v{outcome.version}"


def _facts(document: Document) -> dict[str, Any]:
    names = ("id", "key", "version", "title", "source", "publisher", "derived_from", "published", "tags", "sha256")
    return {**{name: getattr(document, name) for name in names}, "characters": len(document.text)}
