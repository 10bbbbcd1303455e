"""Another site, for tests in a browser: one page on a port of its own, and a service that streams as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Rules that reach whatever is not in a shadow root, and one that aims at the widget by its name.
HOSTILE = """
* { all: unset; }
div, section, header, button { display: none !important; }
suanlian-widget { display: none !important; position: static !important; font-size: 60px !important; color: red !important; }
"""


class Site:
    """What is served at ``/``: ``html`` under ``policy``; with ``script``, also a service of the widget's kind."""

    def __init__(self) -> None:
        self.html = ""
        self.policy = ""
        self.script = ""
        self.stream: Iterable[bytes] = ()
        self.url = ""
        self.asked: list[str] = []  # paths of questions

    def embed(self, service: str, attributes: str = "", *, lang: str = "zh-CN", before: str = "") -> None:
        """A page with ugly styles and the widget of ``service``."""
        self.policy = (
            f"default-src 'none'; style-src 'unsafe-inline'; script-src {service} 'unsafe-inline'; "
            f"connect-src {service}"
        )
        self.html = (
            f'<!doctype html><html lang="{lang}"><head><title>别处</title><style>{HOSTILE}</style></head>'
            f'<body><h1>别处的页面</h1><input id="own">{before}'
            f'<script src="{service}/embed.js" {attributes} async></script></body></html>'
        )


@contextmanager
def another_site() -> Iterator[Site]:
    """A site in a thread."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith("/embed.js"):
                self._reply(site.script, "text/javascript", {})
            elif self.path == "/":
                self._reply(site.html, "text/html", {"Content-Security-Policy": site.policy} if site.policy else {})
            else:
                self.send_error(404)

        def _reply(self, text: str, kind: str, headers: dict[str, str]) -> None:
            body = text.encode()
            self.send_response(200)
            for name, value in {"Content-Type": f"{kind}; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            site.asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for part in site.stream:
                self.wfile.write(part)
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
