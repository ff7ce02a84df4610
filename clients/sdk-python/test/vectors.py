"""The vectors that every client must pass, and the server that plays the scenarios."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]


def load(name: str) -> Any:
    return json.loads((ROOT / "spec" / "vectors" / f"{name}.json").read_text("utf8"))


def cases(name: str) -> list[Any]:
    found: list[Any] = load(name)["cases"]
    assert len(found) > 10, f"{name}.json has lost its cases"
    return found


@contextmanager
def scenario_server() -> Iterator[str]:
    """The address of a running scenario server."""
    node = ROOT / "node_modules" / ".bin" / "node"
    command = [str(node), str(ROOT / "tools" / "scenarios" / "main.ts")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())["url"]
        finally:
            server.stdin.close()
            server.wait(10)


def record(client: str, name: str, outcome: str) -> None:
    """Appends a line to the file that the table of all clients is checked against."""
    path = os.environ.get("ASA_SCENARIO_RESULTS")
    if path is not None:
        with Path(path).open("a", encoding="utf8") as file:
            file.write(json.dumps({"client": client, "scenario": name, "outcome": outcome}) + "\n")
