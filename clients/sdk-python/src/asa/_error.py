"""The one error class, below which every family has its own."""

from __future__ import annotations

from typing import ClassVar


class AmazonScraperAPIError(Exception):
    """A call that failed for good. Its subclasses are the families of errors."""

    family: ClassVar[str] = ""

    def __init__(
        self,
        message: str,
        *,
        code: str,
        status: int | None = None,
        docs_url: str | None = None,
        request_id: str | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
        attempts: int = 0,
    ) -> None:
        super().__init__(message)
        self.message = message
        """What was wrong, for people."""
        self.code = code
        """The service's code, ``http_<status>`` for an answer without one, or a code of the client's own."""
        self.status = status
        """HTTP status; None when no answer arrived."""
        self.docs_url = docs_url
        """Where the docs explain the code."""
        self.request_id = request_id
        """Id of the request, for its trace and for support."""
        self.retryable = retryable
        """Whether the same call may succeed later."""
        self.retry_after = retry_after
        """Seconds to wait before the same call, when they are known."""
        self.attempts = attempts
        """Requests that were sent."""

    def __reduce__(self) -> tuple[object, ...]:
        # An exception with keyword arguments can be pickled (for process pools) only when it says how.
        return (_restore, (type(self), self.message, self.__dict__))

    def __str__(self) -> str:
        where = self.code if self.status is None else f"{self.code}, status {self.status}"
        return f"{self.message} ({where}{'' if self.request_id is None else f', {self.request_id}'})"


def _restore(cls: type[AmazonScraperAPIError], message: str, state: dict[str, object]) -> AmazonScraperAPIError:
    error = cls(message, code="")
    error.__dict__.update(state)
    return error
