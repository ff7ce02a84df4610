"""How the sync client is told to give up from another thread."""

from __future__ import annotations

import threading
from typing import Callable, TypeVar

T = TypeVar("T")


class Cancelled(BaseException):
    """Unwinds a call that was cancelled; the client turns it into a ``CancelledError``."""


class CancelToken:
    """Cancels the calls of ``client.with_options(cancel=token)``, from any thread, at any time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def cancel(self) -> None:
        """Waits end at once. A request that is running is left to itself: it ends with its own timeout."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Waits. :raises Cancelled: as soon as the token is cancelled."""
        with self._changed:
            if self._changed.wait_for(lambda: self._cancelled, seconds):
                raise Cancelled

    def run(self, work: Callable[[], T]) -> T:
        """Does the work in a thread of its own. :raises Cancelled: as soon as the token is cancelled."""
        results: list[T] = []
        errors: list[BaseException] = []

        def target() -> None:
            try:
                results.append(work())
            except BaseException as error:  # noqa: BLE001, RUF100  # handed to the caller's thread, whatever it is
                errors.append(error)
            with self._changed:
                self._changed.notify_all()

        if self._cancelled:
            raise Cancelled
        threading.Thread(target=target, name="asa-request", daemon=True).start()
        with self._changed:
            self._changed.wait_for(lambda: bool(self._cancelled or results or errors))
        if errors:
            raise errors[0]
        if results:
            return results[0]
        raise Cancelled
