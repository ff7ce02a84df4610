"""What the sync and the async client are made of alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Callable, TypedDict

from . import _calls
from ._conversation import Conversation
from ._http import Call, client_error
from ._settings import RetryEvent, Settings
from ._transport import Wire
from .generated import tables
from .generated.types import Batch

DEFAULT_BASE_URL = "http://localhost:8080"


class Options(TypedDict, total=False):
    """How a client behaves; seconds throughout. ``Settings`` has the defaults."""

    max_attempts: int
    """Requests for one call, the first included (4); 1 switches retries off."""
    timeout: float
    """One request, from connecting to the last byte (60)."""
    deadline: float | None
    """One call with all its requests and waits (300); None for no bound. A wait that would pass it is not begun."""
    retry_after_cap: float
    """A longer ``Retry-After`` is cut to this (120)."""
    on_retry: Callable[[RetryEvent], None] | None
    """Called before each wait. What it raises ends the call."""


class Shared:
    """Settings and the way to the service; no call of its own."""

    def __init__(self, wire: Wire, settings: Settings) -> None:
        self._wire = wire
        self.settings = settings

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self._wire.base_url!r})"

    def _changed(self, options: Options) -> Settings:
        return replace(self.settings, **options)

    def _conversation(self, call: Call, until: float | None = None) -> Conversation:
        """:param until: a deadline on the monotonic clock of which the call is a part."""
        ends = [end for end in (self._until(self.settings.deadline), until) if end is not None]
        return Conversation(call, self.settings, min(ends) if ends else None)

    def _until(self, seconds: float | None) -> float | None:
        return None if seconds is None else self.settings.time.monotonic() + seconds

    def _check_poll(self, wait: float, until: float | None, batch: Batch) -> None:
        """:raises AmazonScraperAPIError: ``deadline_exceeded`` when the wait would pass the deadline of the waiting."""
        if until is not None and self.settings.time.monotonic() + wait >= until:
            done = f"{batch['processed_count']} of {batch['total_count']} items are done"
            text = f"The batch {batch['id']} is {batch['status']} ({done}); its deadline allows no further look."
            raise client_error("deadline_exceeded", text, attempts=0)


def page_numbers(start_page: int, max_pages: int | None) -> range:
    """The pages that ``search_pages`` asks for."""
    last = _calls.LAST_PAGE if max_pages is None else min(_calls.LAST_PAGE, start_page + max_pages - 1)
    return range(start_page, last + 1)


def page_params(query: str, number: int, extra: Mapping[str, object] | None, options: Mapping[str, object]) -> Call:
    """The request of one of the pages."""
    return _calls.search({"query": query, **options, **(extra or {}), "start_page": number, "pages": 1})


def poll_waits() -> Iterator[float]:
    """Seconds between two looks at a batch: they double up to a maximum."""
    wait = tables.POLL_FIRST_MS
    while True:
        yield wait / 1000
        wait = min(2 * wait, tables.POLL_MAX_MS)


def has_ended(batch: Batch) -> bool:
    return batch["status"] in _calls.ENDED
