"""Asking: chat, search and the map, streamed and in the OpenAI shape."""
