"""When a call is sent again, and after which wait. Pure: time and chance are arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Literal

from .generated import tables

FailureKind = Literal["response", "connection", "timeout", "truncated", "not_json", "cancelled", "deadline"]


@dataclass(frozen=True)
class Failure:
    """What one attempt brought instead of an answer."""

    kind: FailureKind
    status: int | None = None
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""


@dataclass(frozen=True)
class Decision:
    """Whether the call is sent again."""

    retry: bool
    reason: Literal["permanent", "attempts", "deadline"] | None
    """Why it is not; None when it is."""
    wait: float | None
    """Seconds to wait, or those that it would have taken; None for a permanent failure."""


def decide(
    failure: Failure,
    *,
    attempt: int,
    timeout_retries: int,
    idempotent: bool,
    left: float | None,
    max_attempts: int,
    retry_after_cap: float,
    now: float,
    random: float,
) -> Decision:
    """Decides by ``Asa-Retryable``, then by the code, then by the status.

    :param attempt: requests sent so far. :param timeout_retries: retries already made after a 408.
    :param left: seconds to the deadline, None for none. :param now: seconds since the epoch. :param random: in [0, 1).
    """
    if not _is_retryable(failure, idempotent):
        return Decision(False, "permanent", None)
    wait = _wait(failure, attempt, retry_after_cap, now) + random * tables.JITTER_MS / 1000
    if attempt >= max_attempts or (failure.status == 408 and timeout_retries >= tables.MAX_TIMEOUT_RETRIES):
        return Decision(False, "attempts", wait)
    if left is not None and wait >= left:
        return Decision(False, "deadline", wait)
    return Decision(True, None, wait)


def _is_retryable(failure: Failure, idempotent: bool) -> bool:
    if failure.kind != "response":
        return idempotent and failure.kind in ("connection", "timeout", "truncated")
    said = says_retryable(failure.headers)
    if said is not None:
        return said
    row = tables.CODES.get(failure.code or "")
    if row is not None:
        return row.retryable
    status = failure.status or 0
    # Without a word of the service nobody knows whether a failed write was done; 503 says that it was not.
    if not idempotent and status >= 500 and status != 503:
        return False
    return status_row(status).retryable


def _wait(failure: Failure, attempt: int, cap: float, now: float) -> float:
    asked = retry_after(failure.headers, now)
    if asked is not None:
        return min(asked, cap)
    fixed = fixed_wait(failure.status, failure.code)
    if fixed is not None:
        return fixed
    # 2 ** 30 is far above the maximum; a larger exponent would only cost time.
    return min(2.0 ** min(attempt, 30) * tables.BASE_MS, tables.MAX_MS) / 1000


def says_retryable(headers: Mapping[str, str]) -> bool | None:
    """``Asa-Retryable``; None when it says nothing."""
    return {"true": True, "false": False}.get(headers.get("asa-retryable", "").strip().lower())


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """``Retry-After`` in seconds, from a number or an HTTP date; None when there is none."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(int(text[:20]))
    if not re.match(r"[A-Za-z]{3}", text):
        return None
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=timezone.utc)
    return max(0.0, (date - datetime.fromtimestamp(now, timezone.utc)).total_seconds())


def fixed_wait(status: int | None, code: str | None) -> float | None:
    """The wait that the tables know for a code, or else for a bare status."""
    row = tables.CODES.get(code or "")
    seconds = row.wait_seconds if row is not None else status_row(status or 0).wait_seconds
    return None if seconds is None else float(seconds)


def status_row(status: int) -> tables.Status:
    """The row of a status, or of its hundred."""
    return (
        tables.STATUSES.get(str(status))
        or tables.STATUSES.get(f"{status // 100}xx")
        or tables.Status("response", False, None)
    )
