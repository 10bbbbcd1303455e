"""Who may ask: Host and Origin are checked always, a key where keys are set.

A page of another site can make a browser send requests to a service on loopback; it cannot make the browser lie
about ``Host`` (which stops DNS rebinding) or ``Origin`` (which stops forged writes).

Where a request is let through, ``scope["state"]["caller"]`` says who sent it (:mod:`api.guard.caller`).
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ApiError, error_response
from api.guard.addresses import own_path
from api.guard.caller import Caller, Right
from api.guard.keys import parse_keys
from api.guard.origins import parse_origins
from rag import Settings

# What a load balancer, a browser without a key and another site's page with the widget must reach.
OPEN_PATHS = frozenset({"/", "/healthz", "/readyz", "/version", "/docs", "/embed.js"})
OPEN_FOLDER = "/static/"

# What a page of another site may do: whatever it holds, its visitors hold too.
PUBLIC: frozenset[Right] = frozenset({"ask"})
# Who sends no key where one is needed: on open paths alone, with no right at all.
STRANGER = Caller("stranger", frozenset())

HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?")


def is_open(path: str) -> bool:
    """Whether ``path`` is served without a key."""
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, IPv6 with or without brackets) is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Access:
    """Lets a request through, or answers 401 or 403. A WebSocket is closed: the service has none.

    Raises:
        SettingError: keys or origins that cannot be read.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._keys = parse_keys(settings)
        self._origins = parse_origins(settings)
        # With keys any name may be the service's own, as behind a proxy: a page that rebinds one has no key.
        self._only_loopback = is_loopback(settings.host) and not self._keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_host(headers)
            foreign = self._is_foreign(headers)
            caller = self._caller(headers, own_path(scope), foreign)
        except ApiError as refusal:
            await error_response(scope, refusal)(scope, receive, send)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self.app(scope, receive, send)

    def _check_host(self, headers: Headers) -> None:
        given = HOST.fullmatch(headers.get("host", ""))
        if not given or (self._only_loopback and not is_loopback(given[1])):
            raise ApiError(
                403,
                "host_not_allowed",
                "Host 头不是本服务的地址，请用服务启动时显示的地址访问；经代理访问时请设置 RAG_API_KEYS。",
                "The Host header is not this service's; use the address it shows when it starts, or set RAG_API_KEYS "
                "where a proxy stands before it.",
                param="Host",
            )

    def _is_foreign(self, headers: Headers) -> bool:
        """Whether a page of another site sends it, one that may."""
        origin = headers.get("origin")
        if origin is None:
            return False
        parts = urlsplit(origin)
        # The scheme is not compared: behind a TLS proxy the page is https and this hop is not.
        if parts.scheme in {"http", "https"} and parts.netloc.lower() == headers.get("host", "").lower():
            return False
        if origin in self._origins:
            return True
        raise ApiError(
            403,
            "origin_not_allowed",
            "不接受其他网站页面发来的请求；需要时请把该来源加入 RAG_ALLOWED_ORIGINS。",
            "Requests from another site's page are not taken; where one should be, add its origin to "
            "RAG_ALLOWED_ORIGINS.",
            param="Origin",
        )

    def _caller(self, headers: Headers, path: str, foreign: bool) -> Caller:
        if not self._keys:
            return Caller(rights=PUBLIC) if foreign else Caller()
        caller = self._keys.find(given_key(headers))
        if caller is None:
            if is_open(path):
                return STRANGER
            raise ApiError(
                401,
                "unauthorized",
                "需要有效的密钥：请加上 Authorization: Bearer <密钥>。",
                "A valid key is needed: send Authorization: Bearer <key>.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if foreign and not caller.rights <= PUBLIC:
            raise ApiError(
                403,
                "key_not_public",
                "其他网站的页面只能使用仅有 ask 权限的密钥，因为访问者都能看到它；请换一个，并停用这个密钥。",
                "A page of another site may only use a key with the right ask alone, since its visitors can read it; "
                "use such a key, and withdraw this one.",
                param="Origin",
            )
        return caller


def given_key(headers: Headers) -> bytes:
    """The key of ``Authorization: Bearer``, or of ``X-API-Key`` (for where a proxy needs ``Authorization`` itself)."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        key = headers.get("x-api-key", "")
    return key.strip().encode("latin-1")
