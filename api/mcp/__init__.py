"""The MCP server: the tools ``ask``, ``search`` and ``read_document`` for other programs' models, over HTTP and stdio.

A call passes its arguments (``arguments``), a tool's work (``tools``), and leaves as a structured reply and as text
(``text``). ``server`` puts the tools and the resources into one server object, ``http`` serves it at ``/mcp``, ``stdio``
to one local program.
"""

from api.mcp.http import install
from api.mcp.stdio import run_stdio

__all__ = ["install", "run_stdio"]
