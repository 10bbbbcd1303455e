"""The MCP server object: its tools, and the documents as resources. It keeps nothing between requests."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlsplit

import mcp_types as types
from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from starlette.requests import Request

from api.errors import ApiError, from_any
from api.guard.caller import Caller, caller_of
from api.material import documents
from api.mcp.tools import TOOLS
from api.service import Service
from rag import Assistant, Document, Settings, package_version

T = TypeVar("T")
Context = ServerRequestContext[Any, Any]

SCHEME = "suanlian"
PAGE = 100  # resources

INSTRUCTIONS = (
    "这里的工具从一批资料中查找答案，资料之外的一概不知。要事实、名单、数字或日期时先用 ask，问题要完整、用中文最好。"
    "使用答案时保留 [n]，并引用 citations 里的原文、文档标题和日期。refused 为 true 或 missing 不为空，就是资料没有说：照实告诉用户，不要用自己的知识补上。"
    "要看上下文用 read_document，要浏览相近的段落用 search。\n"
    "These tools answer from a set of documents and know nothing beyond them. For facts, lists, figures or dates use ask first, "
    "with a question that stands alone, best in Chinese. Keep the [n] and cite the quotes with document title and date. "
    "refused, or anything in missing, means that the material does not say: tell the user so and do not fill it in. "
    "read_document shows what stands around a quote; search shows passages that come near."
)


def make_server(settings: Settings, service: Callable[[], Awaitable[Service]]) -> Server[Any]:
    """The server.

    Args:
        settings: limits that the tools' schemas tell.
        service: gives what answers, once it is there.
    """
    definitions = [tool.definition(settings.max_question_chars) for tool in TOOLS.values()]
    schemas = {definition.name: definition.input_schema for definition in definitions}

    async def call(context: Context, collection: str | None, work: Callable[[Assistant], T]) -> T:
        caller, ready = _caller(context), await service()
        return await ready.pool.run(lambda: work(ready.assistant(caller, collection or None)))

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=definitions)

    async def call_tool(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(
                types.INVALID_PARAMS, f"没有这个工具。 There is no such tool. Tools: {', '.join(sorted(TOOLS))}."
            )
        try:
            given = tool.read(params.arguments or {}, await service())
            reply = await call(context, given.collection, lambda assistant: tool.work(assistant, given))
            text = tool.text(reply)
        except Exception as error:
            return _failed(_told(error, context))
        return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=reply)

    async def list_resources(
        context: Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        cursor = params.cursor if params else None

        def work(assistant: Assistant) -> types.ListResourcesResult:
            every = assistant.documents()
            page = documents.page(every, cursor, PAGE)
            shown = {entry["id"] for entry in page["documents"]}
            resources = [_resource(assistant.collection, document) for document in every if document.id in shown]
            return types.ListResourcesResult(resources=resources, next_cursor=page["next"])

        try:
            return await call(context, None, work)
        except Exception as error:
            raise _protocol_error(_told(error, context)) from None

    async def list_templates(_: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="document",
            title="文档原文 A document's text",
            uri_template=f"{SCHEME}://{{collection}}/{{id}}",
            description="资料集里一份文档的全文。 The whole stored text of one document of a collection.",
            mime_type="text/plain",
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(context: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        collection, id = _split(params.uri)
        try:
            document = await call(context, collection, lambda assistant: assistant.document(id))
        except Exception as error:
            raise _protocol_error(_told(error, context)) from None
        contents = types.TextResourceContents(uri=params.uri, mime_type="text/plain", text=document.text)
        return types.ReadResourceResult(contents=[contents])

    return Server(
        "suanlian",
        title="算链 Suanlian",
        version=package_version(),
        description="从中文资料中查找答案，每句话都注明出处。 Answers from documents, each statement with its citation.",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=schemas.get,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


def _caller(context: Context) -> Caller:
    """Who asks: over HTTP the key's owner, over stdio the user who started the program."""
    request = context.request
    return caller_of(request) if isinstance(request, Request) else Caller()


def _told(error: Exception, context: Context) -> ApiError:
    """What a client learns of an error; of a bug, only its request's id."""
    state = context.request.state if isinstance(context.request, Request) else None
    request_id = getattr(state, "request_id", None) or f"req_{uuid.uuid4().hex}"
    told = from_any(error, request_id)
    if told.status_code == 500:  # no header tells it here
        told.zh, told.en = f"{told.zh} ({request_id})", f"{told.en} ({request_id})"
    return told


def _failed(error: ApiError) -> types.CallToolResult:
    """The error in both languages, for a model; ``_meta`` holds what a program would look at."""
    return types.CallToolResult(
        content=[types.TextContent(text=f"{error.zh}\n{error.en}")],
        is_error=True,
        _meta={"suanlian/error": {"code": error.code, "param": error.param}},
    )


def _protocol_error(error: ApiError) -> MCPError:
    code = types.INVALID_PARAMS if error.status_code < 500 else types.INTERNAL_ERROR
    return MCPError(code, f"{error.zh} {error.en}", {"code": error.code, "param": error.param})


def _resource(collection: str, document: Document) -> types.Resource:
    return types.Resource(
        uri=f"{SCHEME}://{quote(collection, safe='')}/{quote(document.id, safe='')}",
        name=document.key,
        title=document.title,
        description=" · ".join(filter(None, (document.publisher, document.published, document.derived_from))) or None,
        mime_type="text/plain",
    )


def _split(uri: str) -> tuple[str, str]:
    """The collection and the id that ``uri`` names."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != SCHEME or not parts.netloc or len(parts.path) < 2:
        raise MCPError(
            types.INVALID_PARAMS,
            "没有这个资源，请使用 resources/list 给出的地址。 There is no such resource; use an address of resources/list.",
        )
    return unquote(parts.netloc), unquote(parts.path[1:])
