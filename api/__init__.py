"""The service: HTTP, keys and limits, and the web page. It knows only rag's public names."""

from api.app import create_app
from api.run.serving import serve

__all__ = ["create_app", "serve"]
