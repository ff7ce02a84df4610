"""The error answers of spec/vectors/errors.json, and the errors themselves."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
import vectors

import asa
from asa._http import Reply, reply_error
from asa.generated.errors import FAMILIES


@pytest.mark.parametrize("case", vectors.cases("errors"), ids=lambda case: case["name"])
def test_error(case: dict[str, Any]) -> None:
    expect = case["expect"]
    error = reply_error(Reply(case["status"], case["headers"], case["body"].encode()), now=0.0)
    assert isinstance(error, asa.AmazonScraperAPIError)
    assert type(error) is FAMILIES[expect["family"]]
    assert error.family == expect["family"]
    assert (error.code, error.status) == (expect["code"], expect["status"])
    assert (error.docs_url, error.request_id) == (expect["docs_url"], expect["request_id"])
    assert error.retryable is expect["retryable"]
    assert (None if error.retry_after is None else error.retry_after * 1000) == expect["retry_after_ms"]
    if "message" in expect:
        assert error.message == expect["message"]
    assert expect.get("message_contains", "") in error.message


def test_an_error_survives_pickling() -> None:
    error = asa.RateLimitError("Slow down.", code="rate_limited", status=429, retry_after=2.0, attempts=3)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(copy) is asa.RateLimitError
    assert (str(copy), copy.__dict__) == (str(error), error.__dict__)


def test_an_error_reads_well() -> None:
    error = asa.NotFoundError("No such page.", code="product_not_found", status=404, request_id="req_1")
    assert str(error) == "No such page. (product_not_found, status 404, req_1)"


def test_every_family_is_exported() -> None:
    assert {cls.__name__ for cls in FAMILIES.values()} <= set(asa.__all__)
