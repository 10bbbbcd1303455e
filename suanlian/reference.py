"""The settings, as `docs/settings.md` lists them: `python -m suanlian.reference > docs/settings.md`."""

from __future__ import annotations

from rag import Settings

_HEAD = """# Settings

Each is an environment variable and, in lower case without `RAG_`, a line of `suanlian.toml` in the working directory. What is passed in
code or on the command line wins over the environment, the environment over the file. A name that is not a setting is refused.
Made by `python -m suanlian.reference`; a test holds it to the code.

| variable | default | what it does |
|---|---|---|
"""
_PLACES = {
    "index": "`index/` of a checkout, else the user's data folder",
    "documents": "the bundled corpus",
    "model_dir": "`suanlian/models` in the user's cache",
    "glossary": "none",
    "api_keys": "none",
    "llm_model": "none",
    "llm_base_url": "the provider's own",
    "llm_api_key": "none",
    "allowed_origins": "none",
}


def settings_table() -> str:
    """The page as Markdown."""
    rows = []
    for name, field in Settings.model_fields.items():
        shown = ("off", "on")[field.default] if isinstance(field.default, bool) else field.default
        default = _PLACES.get(name, f"`{shown}`")
        rows.append(f"| `RAG_{name.upper()}` | {default} | {field.description or ''} |")
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(settings_table(), end="")
