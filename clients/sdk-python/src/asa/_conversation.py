"""The life of one call: requests, judgements, waits. It does no input and output: the clients drive it."""

from __future__ import annotations

import logging
from typing import Union

from ._error import AmazonScraperAPIError
from ._http import Call, Lost, Reply, client_error, error_code, read_json, reply_error
from ._meta import Answer, Meta
from ._policy import Decision, Failure, FailureKind, decide
from ._settings import RetryEvent, Settings

logger = logging.getLogger("asa")

Outcome = Union[Reply, Lost]


class Conversation:
    """One call and what became of its requests so far."""

    def __init__(self, call: Call, settings: Settings, deadline: float | None) -> None:
        """:param deadline: on the monotonic clock; None for none."""
        self._call = call
        self._settings = settings
        self._deadline = deadline
        self.attempts = 0
        self._timeout_retries = 0

    def begin(self) -> float:
        """Begins a request. Answers how many seconds it may take.

        :raises AmazonScraperAPIError: ``deadline_exceeded`` when no time is left.
        """
        left = self._left()
        if left is not None and left <= 0:
            raise self._error(Lost("deadline", "no time was left"))
        self.attempts += 1
        return self._settings.timeout if left is None else min(self._settings.timeout, left)

    def judge(self, outcome: Outcome) -> Answer | float:
        """The answer, or the seconds to wait before the next request.

        :raises AmazonScraperAPIError: when the call has failed for good.
        """
        if isinstance(outcome, Lost):
            return self.failed(Failure(self._kind(outcome)), outcome)
        if 200 <= outcome.status < 300:
            value = read_json(outcome)
            if isinstance(value, Failure):
                return self.failed(value, outcome)
            answer = Answer(value)
            answer.meta = Meta(outcome.status, outcome.headers, self.attempts)
            return answer
        return self.failed(Failure("response", outcome.status, error_code(outcome), outcome.headers), outcome)

    def failed(self, failure: Failure, outcome: Outcome) -> float:
        """The seconds to wait after a failure. :raises AmazonScraperAPIError: when the call has failed for good."""
        error = self._error(outcome, failure)
        time = self._settings.time
        decision = decide(
            failure,
            attempt=self.attempts,
            timeout_retries=self._timeout_retries,
            idempotent=self._call.idempotent,
            left=self._left(),
            max_attempts=self._settings.max_attempts,
            retry_after_cap=self._settings.retry_after_cap,
            now=time.wall(),
            random=time.random(),
        )
        if not decision.retry or decision.wait is None:
            raise self._given_up(error, decision) from (outcome.cause if isinstance(outcome, Lost) else None)
        if failure.status == 408:
            self._timeout_retries += 1
        event = RetryEvent(self._call.method, self._call.path, self.attempts, decision.wait, error)
        logger.info(
            "%s %s: %s after request %d; again in %.1f s",
            event.method, event.path, error.code, event.attempt, event.wait,
        )  # fmt: skip
        if self._settings.on_retry is not None:
            self._settings.on_retry(event)
        return decision.wait

    def renew(self, deadline: float | None) -> None:
        """Sets the deadline anew, after something was achieved."""
        self._deadline = deadline

    def cancelled(self) -> AmazonScraperAPIError:
        return client_error("cancelled", "The caller cancelled the call.", attempts=self.attempts)

    def _left(self) -> float | None:
        return None if self._deadline is None else self._deadline - self._settings.time.monotonic()

    def _kind(self, lost: Lost) -> FailureKind:
        """A timeout of a request that was cut short by the deadline is the deadline's."""
        left = self._left()
        return "deadline" if lost.kind == "timeout" and left is not None and left <= 0 else lost.kind

    def _error(self, outcome: Outcome, failure: Failure | None = None) -> AmazonScraperAPIError:
        if isinstance(outcome, Reply):
            if 200 <= outcome.status < 300:
                return self._unreadable(outcome, failure)
            return reply_error(outcome, self._settings.time.wall(), self.attempts)
        if outcome.kind == "deadline" or (failure is not None and failure.kind == "deadline"):
            return client_error(
                "deadline_exceeded", f"The deadline of the call ran out: {outcome.text}.", attempts=self.attempts
            )
        if outcome.kind == "timeout":
            text = f"No complete answer within {self._settings.timeout:g} s: {outcome.text}."
            return client_error("request_timeout", text, attempts=self.attempts)
        return client_error("connection_failed", f"The connection failed: {outcome.text}.", attempts=self.attempts)

    def _unreadable(self, reply: Reply, failure: Failure | None) -> AmazonScraperAPIError:
        media = reply.headers.get("content-type", "no content type")
        shown = reply.body[:800].decode("utf-8", "replace")[:200].strip()
        cut = failure is not None and failure.kind == "truncated"
        what = "JSON that ends too early or is none" if cut else f"something else than JSON ({media})"
        return client_error(
            "invalid_response",
            f"The service answered {reply.status} with {what}; check base_url. It begins: {shown}",
            status=reply.status,
            attempts=self.attempts,
            retryable=cut,
            request_id=reply.headers.get("x-request-id"),
        )

    def _given_up(self, error: AmazonScraperAPIError, decision: Decision) -> AmazonScraperAPIError:
        if decision.reason == "deadline" and decision.wait is not None:
            left = max(0.0, self._left() or 0.0)
            stated = error.retry_after if error.retry_after is not None else decision.wait
            error.message += (
                f" Again in {stated:g} s, which the deadline of the call ({left:.1f} s left) does not allow."
            )
            error.args = (error.message,)
        return error
