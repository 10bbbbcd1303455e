"""Who may ask: Host and Origin are checked always, a key where keys are set.

A page of another site can make a browser send requests to a service on loopback; it cannot make the browser lie
about ``Host`` (which stops DNS rebinding) or ``Origin`` (which stops forged writes).
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ApiError, error_response
from rag import Settings

# What a load balancer and a browser without a key must reach.
OPEN_PATHS = frozenset({"/", "/healthz", "/readyz", "/version"})
OPEN_FOLDER = "/static/"

HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address, IPv6 with or without brackets) is this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def parse_keys(settings: Settings) -> tuple[bytes, ...]:
    """The keys of ``api_keys``; none where it is empty."""
    listed = settings.api_keys.get_secret_value().split(",")
    return tuple(key.strip().encode() for key in listed if key.strip())


class Access:
    """Lets a request through, or answers 401 or 403."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._only_loopback = is_loopback(settings.host)
        self._keys = parse_keys(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = (
            self._check_host(headers) or self._check_origin(headers) or self._check_key(headers, str(scope["path"]))
        )
        if refusal is None:
            await self.app(scope, receive, send)
        else:
            await error_response(scope, refusal)(scope, receive, send)

    def _check_host(self, headers: Headers) -> ApiError | None:
        given = HOST.fullmatch(headers.get("host", ""))
        # Beyond loopback any name may be the service's own, and a key is needed besides.
        if given and (not self._only_loopback or is_loopback(given[1])):
            return None
        return ApiError(
            403,
            "host_not_allowed",
            "Host 头不是本服务的地址，请用服务启动时显示的地址访问。",
            "The Host header is not this service's; use the address it shows when it starts.",
            param="Host",
        )

    @staticmethod
    def _check_origin(headers: Headers) -> ApiError | None:
        origin = headers.get("origin")
        if origin is None:
            return None
        parts = urlsplit(origin)
        # The scheme is not compared: behind a TLS proxy the page is https and this hop is not.
        if parts.scheme in {"http", "https"} and parts.netloc.lower() == headers.get("host", "").lower():
            return None
        return ApiError(
            403,
            "origin_not_allowed",
            "不接受其他网站页面发来的请求。",
            "Requests from another site's page are not taken.",
            param="Origin",
        )

    def _check_key(self, headers: Headers, path: str) -> ApiError | None:
        if not self._keys or path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return None
        scheme, _, key = headers.get("authorization", "").partition(" ")
        given = key.strip().encode("latin-1") if scheme.lower() == "bearer" else b""
        # Every key is compared, each in constant time, so that the time says nothing about any of them.
        matches = [hmac.compare_digest(given, known) for known in self._keys]
        if any(matches):
            return None
        return ApiError(
            401,
            "unauthorized",
            "需要有效的密钥：请加上 Authorization: Bearer <密钥>。",
            "A valid key is needed: send Authorization: Bearer <key>.",
            headers={"WWW-Authenticate": "Bearer"},
        )
