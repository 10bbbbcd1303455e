"""Which servers are near: no proxy is to stand between them and this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_near(base_url: str) -> bool:
    """Whether a server is on this machine or in its network: a loopback or private address, or a name without a dot.

    >>> is_near("http://127.0.0.1:8080/v1"), is_near("http://ollama:11434/v1"), is_near("https://api.example.com/v1")
    (True, True, False)
    """
    host = urlsplit(base_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal"))
    return address.is_loopback or address.is_private or address.is_link_local
