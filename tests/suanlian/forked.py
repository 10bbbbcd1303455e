"""The command line in a process of its own that need not import it first: forked from one that has.

Most of these tests' time was the same imports again. What a shell does is left as it is: arguments, environment, working
streams and exit code are the process's own. Where nothing can be forked, ``python -m suanlian`` is run.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

PRELOADED = ["rag", "suanlian.cli", "suanlian.documents", "suanlian.batch", "openpyxl", "tests.suanlian.forked"]
_CAN = "forkserver" in multiprocessing.get_all_start_methods()


def run(
    arguments: Sequence[str | bytes], given: str, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """``suanlian ARGUMENTS`` with ``given`` on stdin."""
    if not _CAN:
        command = [sys.executable, "-W", "error", "-m", "suanlian", *arguments]
        return subprocess.run(
            command, input=given, capture_output=True, encoding="utf-8", env=dict(environment), check=False
        )
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        streams[0].write_text(given, encoding="utf-8")
        texts = [os.fsdecode(argument) for argument in arguments]
        process = context.Process(target=_main, args=(texts, dict(environment), [str(path) for path in streams]))
        process.start()
        process.join()
        code = process.exitcode
        assert code is not None
        out, err = (path.read_text(encoding="utf-8") for path in streams[1:])
        process.close()
    return subprocess.CompletedProcess(texts, code, out, err)


def _main(arguments: list[str], environment: dict[str, str], streams: list[str]) -> None:
    for number, (path, flags) in enumerate(zip(streams, (os.O_RDONLY, *[os.O_WRONLY | os.O_CREAT] * 2), strict=True)):
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate("rww")
    )
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["suanlian", *arguments]
    warnings.simplefilter("error")
    from suanlian.cli import main

    main()
