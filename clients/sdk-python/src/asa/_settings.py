"""How a client behaves."""

from __future__ import annotations

import random as _random
import time
from dataclasses import dataclass, field
from typing import Callable

from ._error import AmazonScraperAPIError
from .generated import tables


@dataclass(frozen=True)
class RetryEvent:
    """Told before each wait."""

    method: str
    path: str
    attempt: int
    """Requests sent so far."""
    wait: float
    """Seconds until the next one."""
    error: AmazonScraperAPIError
    """What the last one brought."""


@dataclass(frozen=True)
class Time:
    """Clocks and chance, for tests."""

    monotonic: Callable[[], float] = time.monotonic
    """Seconds that only grow: deadlines are measured with it."""
    wall: Callable[[], float] = time.time
    """Seconds since the epoch: for dates in ``Retry-After`` and in webhook signatures."""
    random: Callable[[], float] = _random.random
    """In [0, 1): the jitter of waits."""


@dataclass(frozen=True)
class Settings:
    """How a client behaves; seconds throughout."""

    max_attempts: int = tables.MAX_ATTEMPTS
    """Requests for one call, the first included; 1 switches retries off."""
    timeout: float = tables.TIMEOUT_MS / 1000
    """One request, from connecting to the last byte."""
    deadline: float | None = tables.DEADLINE_MS / 1000
    """One call with all its requests and waits; None for no bound. A wait that would pass it is not begun."""
    retry_after_cap: float = tables.RETRY_AFTER_CAP_MS / 1000
    """A longer ``Retry-After`` is cut to this."""
    on_retry: Callable[[RetryEvent], None] | None = None
    """Called before each wait. What it raises ends the call."""
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        if self.max_attempts < 1:
            raise ValueError(f"max_attempts is {self.max_attempts}; 1 is the least, and means no retries")
        for name in ("timeout", "deadline"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} is {value}; it takes a number of seconds above 0")
        if not self.retry_after_cap >= 0:
            raise ValueError(f"retry_after_cap is {self.retry_after_cap}; it takes a number of seconds, 0 or more")
