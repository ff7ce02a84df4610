"""Requests and replies as plain values, and what is made of a reply. No network here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from ._error import AmazonScraperAPIError
from ._policy import Failure, FailureKind, fixed_wait, retry_after, says_retryable, status_row
from .generated import tables
from .generated.errors import FAMILIES

JSON_TYPE = "application/json"
NDJSON_TYPE = "application/x-ndjson"
MESSAGE_CHARACTERS = 200
"""How much of a text that is no error body is shown."""


@dataclass(frozen=True)
class Call:
    """One call of the API, before it is sent."""

    method: str
    path: str
    """Percent-encoded, below the base URL; begins with a slash."""
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    idempotent: bool = True

    @property
    def target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


@dataclass(frozen=True)
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes = b""


@dataclass(frozen=True)
class Lost:
    """No whole answer arrived."""

    kind: FailureKind
    text: str
    """What happened, for the message."""
    cause: BaseException | None = None


def segment(text: str) -> str:
    """A text as one part of a path, whatever is in it."""
    return quote(text, safe="")


def pairs(params: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Query parameters as text; None is as if it were not there."""
    return tuple((name, _text(value)) for name, value in params.items() if value is not None)


def _text(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def check_base_url(url: str) -> str:
    """The address of the service without slashes at its end.

    :raises ValueError: when it is not an absolute http or https URL without a query.
    """
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ValueError(f"base_url {url!r} is not an address like https://asa.example")
    return url.rstrip("/")


def read_json(reply: Reply) -> Any | Failure:
    """The JSON value of a 2xx answer, or why it is none."""
    try:
        value = json.loads(reply.body)
    except ValueError:
        return Failure("truncated" if _says_json(reply) else "not_json", reply.status)
    if not _says_json(reply) and reply.headers.get("content-type"):
        return Failure("not_json", reply.status)
    return value if isinstance(value, dict) else Failure("not_json", reply.status)


def _says_json(reply: Reply) -> bool:
    media = reply.headers.get("content-type", "").split(";")[0].strip().lower()
    return media == JSON_TYPE or media.endswith("+json")


def error_code(reply: Reply) -> str | None:
    """The code in an error body, when it has the form of one."""
    body = _error_body(reply)
    return None if body is None else cast(str, body["error"])


def _error_body(reply: Reply) -> dict[str, Any] | None:
    try:
        body = json.loads(reply.body)
    except ValueError:
        return None
    is_one = isinstance(body, dict) and isinstance(body.get("error"), str) and isinstance(body.get("message"), str)
    return body if is_one else None


def reply_error(reply: Reply, now: float, attempts: int = 1) -> AmazonScraperAPIError:
    """The typed error of an answer that is not 2xx.

    :param now: seconds since the epoch, for a date in ``Retry-After``.
    """
    body = _error_body(reply) or {}
    code = body.get("error")
    row = tables.CODES.get(code or "")
    status = status_row(reply.status)
    said = says_retryable(reply.headers)
    retryable = said if said is not None else (row or status).retryable
    wait = retry_after(reply.headers, now)
    return FAMILIES[(row or status).family](
        body["message"] if body else _bare_message(reply),
        code=code or f"http_{reply.status}",
        status=reply.status,
        docs_url=_optional(body.get("docs_url")),
        request_id=_optional(body.get("request_id")) or reply.headers.get("x-request-id"),
        retryable=retryable,
        retry_after=wait if wait is not None or not retryable else fixed_wait(reply.status, code),
        attempts=attempts,
    )


def _optional(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _bare_message(reply: Reply) -> str:
    location = reply.headers.get("location")
    if location is not None and reply.status // 100 == 3:
        return (
            f"The service answered {reply.status}, a redirect to {location}. Redirects are not followed: set base_url."
        )
    text = reply.body[: 4 * MESSAGE_CHARACTERS].decode("utf-8", "replace")[:MESSAGE_CHARACTERS].strip()
    return f"The service answered {reply.status} without an error body{f': {text}' if text else '.'}"


def client_error(
    code: str, message: str, *, attempts: int, status: int | None = None, **more: Any
) -> AmazonScraperAPIError:
    """An error of the client's own."""
    row = tables.CLIENT_CODES[code]
    retryable = more.pop("retryable", row.retryable)
    return FAMILIES[row.family](message, code=code, status=status, attempts=attempts, retryable=retryable, **more)
