"""``RAG_ALLOWED_ORIGINS``: pages of other sites that may ask, and the headers (CORS) by which a browser lets them.

Without it CORS is off. It never lets a page change anything: :mod:`api.guard.access` holds such a page to the right ``ask``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import ALL_METHODS, CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from rag import SettingError, Settings

EXPOSED = ("X-Request-Id", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Location")
DEFAULT_PORTS = {"http": 80, "https": 443}


def parse_origins(settings: Settings) -> frozenset[str]:
    """The origins of ``allowed_origins``, as browsers write them: lower case, no default port, hosts in ASCII.

    Raises:
        SettingError: naming the entry that is not an origin. ``*`` is none.
    """
    entries = (entry.strip() for entry in settings.allowed_origins.split(","))
    return frozenset(_origin(entry) for entry in entries if entry)


def _origin(entry: str) -> str:
    if entry == "*":
        raise SettingError(
            "RAG_ALLOWED_ORIGINS takes no '*': any site's page could then use the key that yours shows, or a service "
            "on loopback; list each origin, such as https://www.example.com.",
            "RAG_ALLOWED_ORIGINS 不接受“*”：否则任何网站的页面都能使用你页面上的密钥或本机的服务；"
            "请逐个列出来源，例如 https://www.example.com。",
            param="allowed_origins",
        )
    try:
        parts = urlsplit(entry)
        host, port = parts.hostname, parts.port
        name = (host or "").encode("idna").decode() if ":" not in (host or "") else f"[{host}]"
    except ValueError:  # a port that is no number, a bracket that is not closed, a name that IDNA does not know
        parts, name, port = urlsplit(""), "", None
    extras = parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/")
    if not parts.scheme or not name or extras:
        raise SettingError(
            f"RAG_ALLOWED_ORIGINS has {entry!r}, which is not an origin; write scheme and host alone, such as "
            "https://www.example.com.",
            f"RAG_ALLOWED_ORIGINS 中的“{entry}”不是来源；只写协议和主机，例如 https://www.example.com。",
            param="allowed_origins",
        )
    shown = "" if port is None or port == DEFAULT_PORTS.get(parts.scheme) else f":{port}"
    return f"{parts.scheme}://{name}{shown}"


class Cors(CORSMiddleware):
    """Starlette's, for ``origins`` alone, with any method and header: what a page may do is decided where the
    request itself arrives, in the one error shape, which the page can then read.

    The preflight of another origin is passed on as it is, and refused there.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=ALL_METHODS,
            # A browser's OpenAI client sends a dozen of its own. None grants anything.
            allow_headers=("*",),
            allow_private_network=True,
            expose_headers=EXPOSED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = headers.get("access-control-request-method", "GET") in ALL_METHODS
        if known and self.is_allowed_origin(headers.get("origin", "")):
            await super().__call__(scope, receive, send)
        else:
            await self.simple_response(scope, receive, send, request_headers=headers)
