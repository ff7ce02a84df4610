"""The examples of the README, run against the sandbox of a real server, and its table."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import vectors

from asa.generated.errors import FAMILIES
from asa.generated.tables import CLIENT_CODES, CODES

PAGE = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf8")
SECTIONS = dict(re.findall(r"^## ([^\n]+)\n(?:(?!^## ).)*?```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL))

needs_sandbox = pytest.mark.skipif("ASA_API_KEY" not in os.environ, reason="there is no sandbox: npm test starts one")


def example(section: str) -> str:
    result = subprocess.run(  # noqa: S603  # our own page
        [sys.executable, "-W", "error", "-c", SECTIONS[section]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(vectors.ROOT / "clients" / "sdk-python" / "src")},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_every_example_is_run() -> None:
    assert len(SECTIONS) == PAGE.count("```python")


@needs_sandbox
def test_a_product_a_search() -> None:
    printed = example("A product, a search")
    assert re.search(r"\d+(\.\d+)? GBP\n0 req_[0-9a-f]{12}\n", printed)
    assert re.search(r"^2 [A-Z0-9]{10} ", printed, re.MULTILINE)
    assert re.search(r"^3 \d+$", printed, re.MULTILINE)


@needs_sandbox
def test_errors() -> None:
    printed = example("Errors")
    assert re.search(r"^product_not_found req_[0-9a-f]{12}$", printed, re.MULTILINE)
    assert "Again in 60 s, which the deadline of the call" in printed
    assert printed.endswith("60.0 1\n")


@needs_sandbox
def test_how_it_waits() -> None:
    assert example("How it waits, and how not") == "pro\n"


@needs_sandbox
def test_async() -> None:
    assert re.search(r"^2 \d+$", example("Async"), re.MULTILINE)


def test_webhooks() -> None:
    assert example("Webhooks") == "no_match\n"


@needs_sandbox
def test_batches() -> None:
    printed = example("Batches")
    assert "2 of 2\ncomplete 0\n0 ok None\n1 ok None\n" in printed


def test_the_classes_are_those_of_the_table() -> None:
    families = [(code, row.family) for code, row in CODES.items()]
    families += [(code, row.family) for code, row in CLIENT_CODES.items()]
    for family, cls in FAMILIES.items():
        codes = [code for code, own in families if own == family]
        assert f"| `{cls.__name__}` | {', '.join(f'`{code}`' for code in codes)} |" in PAGE
