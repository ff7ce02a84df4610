"""The results of a batch, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from .generated.types import BatchResult

MAX_LINE_BYTES = 256 * 1024 * 1024
"""A longer line is no result: ten pages of source are far below it."""


class BrokenStream(Exception):
    """The stream is no NDJSON of results, or it ended inside a line."""


class Results:
    """Results out of bytes, each index once, over all streams of one call."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._rest = b""

    def begin(self) -> None:
        """A new stream begins."""
        self._rest = b""

    @property
    def count(self) -> int:
        """Results given out so far."""
        return len(self._seen)

    def feed(self, chunk: bytes) -> Iterator[BatchResult]:
        """The results that the chunk completes. :raises BrokenStream: at a line that is none."""
        *lines, self._rest = (self._rest + chunk if self._rest else chunk).split(b"\n")
        if len(self._rest) > MAX_LINE_BYTES:
            raise BrokenStream("a line is too long")
        for line in lines:
            yield from self._read(line)

    def end(self) -> Iterator[BatchResult]:
        """What the last line, without a line feed, completes. :raises BrokenStream: when it was cut."""
        rest, self._rest = self._rest, b""
        yield from self._read(rest)

    def _read(self, line: bytes) -> Iterator[BatchResult]:
        if not line.strip():
            return
        try:
            row: Any = json.loads(line)
            index = row["index"]
        except (ValueError, TypeError, KeyError) as error:
            raise BrokenStream("a line is no result") from error
        if index not in self._seen:
            self._seen.add(index)
            yield cast(BatchResult, row)
