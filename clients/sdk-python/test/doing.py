"""Does one operation of the vectors, named in the wire's words, with either client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from asa import AmazonScraperAPI, AsyncAmazonScraperAPI
from asa.generated.params import SearchOptions

KNOWN = {*SearchOptions.__annotations__, "max_pages"}


@dataclass
class Done:
    """What an operation brought: an answer, or the items of an iterator, and the progress that was told."""

    result: Any = None
    items: list[Any] = field(default_factory=list)
    progress: list[int] = field(default_factory=list)


def _arguments(op: str, args: dict[str, Any], done: Done) -> tuple[list[Any], dict[str, Any]]:
    rest = dict(args)
    if op in ("product", "search", "search_pages"):
        extra = {name: rest.pop(name) for name in list(rest) if name not in KNOWN and name != "query"}
        return [rest.pop("query")], {**rest, **({"extra": extra} if extra else {})}
    if op == "create_batch":
        return [rest.pop("endpoint"), rest.pop("items")], rest
    if op == "request":
        return [rest.pop("request_id")], rest
    positional = [rest.pop("id")] if "id" in rest else []
    if op == "wait_for_batch":
        deadline = rest.pop("deadline_ms", None)
        rest["deadline"] = None if deadline is None else deadline / 1000
        rest["on_progress"] = lambda batch: done.progress.append(batch["processed_count"])
    return positional, rest


def sync(client: AmazonScraperAPI, op: str, args: dict[str, Any], done: Done | None = None) -> Done:
    done = done or Done()
    positional, named = _arguments(op, args, done)
    found = getattr(client, op)(*positional, **named)
    if op in ("search_pages", "batch_results"):
        for item in found:
            done.items.append(item)
    else:
        done.result = found
    return done


async def asynchronous(client: AsyncAmazonScraperAPI, op: str, args: dict[str, Any], done: Done | None = None) -> Done:
    done = done or Done()
    positional, named = _arguments(op, args, done)
    found = getattr(client, op)(*positional, **named)
    if op in ("search_pages", "batch_results"):
        async for item in found:
            done.items.append(item)
    else:
        done.result = await found
    return done
