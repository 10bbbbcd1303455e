"""What is shipped for running the service names options, settings, metrics and files that there are."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from api.watch.metrics import Metrics
from rag import Settings
from suanlian.cli import app
from tests.api.fake import FakeAssistant
from tests.api.live import running

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "suanlian.service").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
KNOWN = {f"RAG_{name.upper()}" for name in Settings.model_fields}


def parses(arguments: list[str]) -> None:
    """The command line takes ``arguments`` (nothing is run)."""
    name, *rest = arguments
    command: Any = typer.main.get_command(app)
    with command.make_context("suanlian", [name], resilient_parsing=True) as context:
        sub = command.get_command(context, name)
        assert sub is not None, name
        sub.make_context(name, rest, parent=context)


def stage(dockerfile: str) -> list[list[str]]:
    """Instructions as (name, words), continued lines joined."""
    lines = re.sub(r"\\\n", " ", dockerfile).splitlines()
    return [line.split(maxsplit=1) for line in lines if line.strip() and not line.lstrip().startswith("#")]


INSTRUCTIONS = stage(DOCKERFILE)


def given(name: str) -> list[str]:
    return [rest for found, rest in INSTRUCTIONS if found == name]


def image_environment() -> dict[str, str]:
    return dict(word.split("=", 1) for line in given("ENV") for word in shlex.split(line))


@pytest.mark.parametrize(
    "path",
    ["Dockerfile", "compose.yaml", "docs/deploy.md", *(f"deploy/{path.name}" for path in (ROOT / "deploy").iterdir())],
)
def test_every_setting_that_is_named_is_one(path: str) -> None:
    named = set(re.findall(r"\bRAG_[A-Z_]+\b", (ROOT / path).read_text(encoding="utf-8")))
    assert named <= KNOWN


def test_the_settings_that_are_given_have_values_that_are_taken() -> None:
    assert Settings(
        **{name[4:].lower(): value for name, value in image_environment().items() if name.startswith("RAG_")}
    )
    literal = {
        name[4:].lower(): value
        for name, value in COMPOSE["services"]["suanlian"]["environment"].items()
        if name.startswith("RAG_") and "$" not in str(value)
    }
    assert Settings(**literal)
    (line,) = re.findall(r"^Environment=(.*)$", UNIT, re.M)
    assert Settings(
        **{k[4:].lower(): v for k, v in (word.split("=", 1) for word in shlex.split(line)) if k.startswith("RAG_")}
    )


def test_the_image_is_made_of_files_that_are_there_and_reach_the_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    copied = [word for line in given("COPY") if not line.startswith("--from") for word in line.split()[:-1]]
    assert {"rag", "api", "suanlian", "corpus", "pyproject.toml", "requirements.txt"} <= set(copied)
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, f"{name} is kept from the build"
    readme = re.search(r'^readme = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert readme and readme[1] in copied


def test_the_image_runs_as_nobody_in_particular_and_starts_the_service() -> None:
    names = [name for name, _ in INSTRUCTIONS]
    user = max(index for index, name in enumerate(names) if name == "USER")
    assert given("USER")[-1] not in {"root", "0"}
    assert user < names.index("ENTRYPOINT")
    (entry,), (command,) = given("ENTRYPOINT"), given("CMD")
    assert json.loads(entry) == ["suanlian"]
    parses(json.loads(command))
    parses(shlex.split(given("RUN")[-1])[1:])  # suanlian build
    environment = image_environment()
    assert environment["RAG_INDEX"].startswith(f"{given('VOLUME')[0]}/")
    assert environment["RAG_PORT"] == given("EXPOSE")[0]


def test_the_images_health_check_tells_a_ready_service_from_none() -> None:
    command = json.loads(given("HEALTHCHECK")[0].partition("CMD ")[2])
    assert command[0] == "python"

    def check(port: str) -> int:
        environment = {**os.environ, "RAG_PORT": port}
        return subprocess.run([sys.executable, *command[1:]], env=environment, stderr=subprocess.DEVNULL).returncode

    with running(Settings(port=0), FakeAssistant()) as url:
        port = url.rpartition(":")[2]
        assert any(check(port) == 0 for _ in range(20))
    assert check(port) != 0


def test_compose_starts_the_service_with_keys_and_time_to_stop() -> None:
    service = COMPOSE["services"]["suanlian"]
    parses(service["command"])
    assert service["environment"]["RAG_API_KEYS"].startswith("${RAG_API_KEYS:?")
    assert seconds(service["stop_grace_period"]) > service["environment"]["RAG_STOP_SECONDS"]
    (mounted,) = service["volumes"]
    assert mounted == f"data:{given('VOLUME')[0]}"
    assert "data" in COMPOSE["volumes"]
    assert "TORCH_INDEX" in service["build"]["args"]
    assert any(line.startswith("TORCH_INDEX") for line in given("ARG"))


def test_the_unit_starts_the_service_and_gives_it_time_to_stop() -> None:
    (command,) = re.findall(r"^ExecStart=(.*)$", UNIT, re.M)
    program, *arguments = shlex.split(command)
    assert Path(program).name == "suanlian"
    parses(arguments)
    (patience,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.M)
    (most,) = re.findall(r"RAG_STOP_SECONDS=(\d+)", UNIT)
    assert int(patience) > int(most)
    for line in ("NoNewPrivileges=yes", "DynamicUser=yes", "ProtectSystem=strict", "StateDirectory=suanlian"):
        assert line in UNIT.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_finds_no_fault_with_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "suanlian.service"
    unit.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", UNIT, flags=re.M), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "suanlian" in line]) == (0, [])


def test_alerts_and_guide_name_metrics_that_are_told() -> None:
    told = set(re.findall(r"^# TYPE (\S+)", Metrics().text()[0].decode(), re.M))
    told |= {f"suanlian_index_{name}" for name in ("generation", "documents", "passages")}
    told |= {"suanlian_batches", "suanlian_ingestions", "suanlian_ingestion_documents"}
    expressions = [rule["expr"] for group in ALERTS["groups"] for rule in group["rules"]]
    assert len(expressions) >= 5
    for text in (*expressions, GUIDE):
        for name in re.findall(r"\bsuanlian_[a-z_]+\b", text):
            assert re.sub(r"_bucket$", "", name) in told, name


def test_commands_of_the_guide_are_taken() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.S)
    commands = [
        shlex.split(found, comments=True)
        for block in blocks
        for found in re.findall(r"(?:^|&& |\.venv/bin/)suanlian ((?:build|serve|doctor|ask)\b[^\n&|]*)", block, re.M)
    ]
    assert {"build", "serve", "doctor"} <= {command[0] for command in commands}
    for command in commands:
        parses(command)


def test_nothing_holds_streams_back() -> None:
    assert "proxy_buffering off;" in (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert "flush_interval -1" in (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


def seconds(text: str) -> int:
    """``30s`` → 30."""
    return int(text.removesuffix("s"))
