"""What the packages may import from one another, and what no file may hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("rag", "api", "evals", "suanlian")
# The flow: a stage imports only from those before it. text comes before documents because splitting needs sentences;
# jobs may use index and documents, which ingestion joins; assistant is the one place where all stages meet.
STAGES = (
    "types",
    "errors",
    "clock",
    "settings",
    "text",
    "documents",
    "index",
    "retrieve",
    "llm",
    "entail",
    "answer",
    "jobs",
    "opened",
    "asking",
    "reply",
    "events",
    "composition",
    "sources",
    "threads",
    "retriever",
    "runnable",
    "assistant",
    "__init__",
)
MAX_LINES = 400
TRAINING = ROOT / "evals" / "training"  # makes a part of rag, so it sees what rag sees
FORBIDDEN_MODULES = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
MACHINE_PATH = re.compile(r"(?<![\w.:/~}])/(?:work|home|root|Users|tmp|mnt|opt)/\w|\b[A-Z]:\\\\?\w")


def sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=path.relative_to(ROOT).as_posix()) for path in paths]


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) of everything that a file imports, at its top or within; name is "" for ``import module``."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield from ((module, alias.name) for alias in node.names)


def stage(module: str) -> str:
    """``rag.index.local`` → ``index``; ``rag`` itself → ``__init__``."""
    return [*module.split("."), "__init__"][1]


def test_there_is_something_to_look_at() -> None:
    assert all(len(sources(package)) > 3 for package in PACKAGES)
    found = {stage(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in sources("rag")}
    assert found == set(STAGES)


@pytest.mark.parametrize("path", named(sources("rag")))
def test_rag_imports_no_other_package_and_no_later_stage(path: Path) -> None:
    own = STAGES.index(stage(".".join(path.relative_to(ROOT).with_suffix("").parts)))
    for module, name in imports(path):
        top = module.split(".")[0]
        assert top not in PACKAGES or top == "rag", f"imports {module}"
        if top == "rag":
            full = f"rag.{name}" if module == "rag" else module
            assert STAGES.index(stage(full)) <= own, f"imports {full}, a later stage"


@pytest.mark.parametrize("path", named(sources("suanlian")))
def test_the_front_door_trains_nothing(path: Path) -> None:
    assert not any(f"{module}.{name}".startswith("evals.training") for module, name in imports(path))


@pytest.mark.parametrize("path", named(sources("api", "evals")))
def test_api_and_evals_know_only_rags_public_names(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0]
    inside = path.is_relative_to(TRAINING)
    for module, name in imports(path):
        assert inside or not f"{module}.{name}".startswith("evals.training"), "imports what only makes weights"
        top = module.split(".")[0]
        assert top not in PACKAGES or top in (own, "rag"), f"imports {module}"
        if top == "rag" and not inside:
            assert module == "rag", f"reaches into {module}"
            assert name in rag.__all__, f"{name or 'rag'} is imported as more than a public name"


@pytest.mark.parametrize("path", named(sources(*PACKAGES)))
def test_a_module_is_short_and_holds_nothing_that_runs_what_it_reads(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    assert not {module.split(".")[0] for module, _ in imports(path)} & FORBIDDEN_MODULES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            assert called not in FORBIDDEN_CALLS, f"line {node.lineno} calls {called}"
            unpickles = [k for k in node.keywords if k.arg == "allow_pickle" and not _is(k.value, False)]
            trusting = [
                k
                for k in node.keywords
                if k.arg in ("trust_remote_code", "allow_dangerous_deserialization") and not _is(k.value, False)
            ]
            assert not unpickles + trusting, f"line {node.lineno}"


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


@pytest.mark.parametrize("path", named([*sources(*PACKAGES, "tests"), ROOT / "pyproject.toml"]))
def test_no_file_names_a_place_on_some_machine(path: Path) -> None:
    found = MACHINE_PATH.search(path.read_text(encoding="utf-8"))
    assert not found, found.group()


@pytest.mark.parametrize("path", named(sources(*PACKAGES)))
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not text.strip() or ast.get_docstring(ast.parse(text))
