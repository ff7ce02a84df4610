"""What the headers of an answer say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Meta:
    """What the headers of an answer said; None where a header was missing or unreadable."""

    status: int
    headers: Mapping[str, str]
    """All headers, names in lower case."""
    attempts: int
    """Requests that this client sent for the call."""

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")

    @property
    def cost(self) -> int | None:
        """Credits taken for the answer."""
        return self._whole("asa-cost")

    @property
    def source_attempts(self) -> int | None:
        """Attempts that the service made at the marketplace."""
        return self._whole("asa-attempts")

    @property
    def extractor_version(self) -> str | None:
        return self.headers.get("asa-extractor-version")

    @property
    def resolved_url(self) -> str | None:
        """Final URL of the page."""
        return self.headers.get("asa-resolved-url")

    @property
    def source_status(self) -> int | None:
        """The marketplace's HTTP status."""
        return self._whole("asa-source-status")

    @property
    def credits_remaining(self) -> int | None:
        return self._whole("asa-credits-remaining")

    @property
    def concurrency(self) -> tuple[int, int] | None:
        """Requests in flight, this one included, and the ceiling of the key."""
        return self._pair("asa-concurrency")

    @property
    def rps(self) -> tuple[int, int] | None:
        """Requests of the last second, and the sustained rate of the key."""
        return self._pair("asa-rps")

    def _whole(self, name: str) -> int | None:
        text = self.headers.get(name, "")
        return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else None

    def _pair(self, name: str) -> tuple[int, int] | None:
        match = re.fullmatch(r"([0-9]{1,15})/([0-9]{1,15})", self.headers.get(name, ""))
        return None if match is None else (int(match[1]), int(match[2]))


class Answer(dict[str, Any]):
    """A JSON object that remembers its headers. To everything else it is an ordinary dict."""

    meta: Meta


def meta(answer: Mapping[str, Any]) -> Meta:
    """What the headers of an answer of this client said.

    :raises TypeError: for anything but an answer that a client returned.
    """
    if isinstance(answer, Answer):
        return answer.meta
    raise TypeError("meta() takes an answer as a client returned it, not a copy or a part of one")
