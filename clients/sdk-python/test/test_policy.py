"""The retry decisions of spec/vectors/retry.json."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import vectors

from asa._policy import Decision, Failure, decide
from asa.generated import tables

FILE = vectors.load("retry")


def run(case: dict[str, Any], random: float) -> Decision:
    given = {**FILE["defaults"], **case}
    failure = given["failure"]
    return decide(
        Failure(failure["kind"], failure.get("status"), failure.get("code"), failure.get("headers", {})),
        attempt=given["attempt"],
        timeout_retries=given["timeout_retries"],
        idempotent=given["idempotent"],
        left=None if given["left_ms"] is None else given["left_ms"] / 1000,
        max_attempts=given["max_attempts"],
        retry_after_cap=given["retry_after_cap_ms"] / 1000,
        now=datetime.fromisoformat(given["now"].replace("Z", "+00:00")).timestamp(),
        random=random,
    )


@pytest.mark.parametrize("case", vectors.cases("retry"), ids=lambda case: case["name"])
@pytest.mark.parametrize("random", [0.0, 0.5])
def test_decision(case: dict[str, Any], random: float) -> None:
    expect = case["expect"]
    decision = run(case, random)
    assert decision.retry == expect["retry"]
    assert decision.reason == expect.get("reason")
    if "wait_between_ms" not in expect:
        assert decision.wait is None
        return
    low, high = expect["wait_between_ms"]
    assert decision.wait is not None
    assert round(decision.wait * 1000, 3) == low + random * (high - low)


def test_every_code_of_the_table_has_a_case() -> None:
    named = {case["failure"].get("code") for case in FILE["cases"]}
    assert set(tables.CODES) <= named
