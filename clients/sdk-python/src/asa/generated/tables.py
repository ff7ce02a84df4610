# Generated from the contract by "npm run generate". Do not edit.
"""The tables behind the retry policy: one declaration for the service and every client."""

from typing import NamedTuple, Optional

MAX_ATTEMPTS = 4
MAX_TIMEOUT_RETRIES = 3
BASE_MS = 1000
MAX_MS = 30000
JITTER_MS = 1000
RETRY_AFTER_CAP_MS = 120000
TIMEOUT_MS = 60000
DEADLINE_MS = 300000
POLL_FIRST_MS = 1000
POLL_MAX_MS = 10000


class Code(NamedTuple):
    """One error code of the service."""

    status: int
    family: str
    retryable: bool
    wait_seconds: Optional[int]
    title: str
    remedy: str


class ClientCode(NamedTuple):
    """A code that no service sends: what the client itself says."""

    family: str
    retryable: bool
    title: str
    remedy: str


class Status(NamedTuple):
    """A status that came without a code of the table."""

    family: str
    retryable: bool
    wait_seconds: Optional[int]


CODES: dict[str, Code] = {
    "invalid_params": Code(
        400,
        "request",
        False,
        None,
        "A parameter or the body is wrong",
        "Correct the request; the same request will fail again.",
    ),
    "unauthorized": Code(
        401,
        "auth",
        False,
        None,
        "No valid API key",
        "Send one valid key as `Authorization: Bearer`, `X-API-Key` or `?api_key=`.",
    ),
    "revoked": Code(
        401,
        "auth",
        False,
        None,
        "The API key was revoked",
        "Use another key of the workspace, or make a new one.",
    ),
    "insufficient_credits": Code(
        402,
        "billing",
        False,
        None,
        "Not enough credits",
        "Top up or wait for the monthly reset, then send the request again.",
    ),
    "forbidden_region": Code(
        403,
        "region",
        False,
        None,
        "The exit country is not available",
        "Leave `country` out, choose another one, or change the plan.",
    ),
    "not_found": Code(
        404,
        "not_found",
        False,
        None,
        "Unknown path or id",
        "Check the path, the method (see `Allow`) and the id.",
    ),
    "product_not_found": Code(
        404,
        "not_found",
        False,
        None,
        "The marketplace has no such page",
        "Check the ASIN and the domain; remove the ASIN from your set when it is gone.",
    ),
    "upstream_timeout": Code(
        408,
        "timeout",
        True,
        2,
        "The marketplace was too slow",
        "Send it again after 2 seconds, at most three times.",
    ),
    "blocked_by_amazon": Code(
        422,
        "upstream",
        True,
        60,
        "The marketplace answered with a challenge",
        "Send it again after a minute or more; slow down when it happens often.",
    ),
    "rate_limited": Code(
        429,
        "rate_limit",
        True,
        None,
        "Over the rate or concurrency ceiling",
        "Wait for `Retry-After` seconds, then send it again.",
    ),
    "internal_error": Code(
        500,
        "server",
        True,
        5,
        "A bug of ours",
        "Send it again after 5 seconds; when it stays, report the request id.",
    ),
    "not_implemented": Code(
        501,
        "request",
        False,
        None,
        "A reserved parameter",
        "Leave the parameter out.",
    ),
    "target_unreachable": Code(
        502,
        "upstream",
        True,
        60,
        "No usable page arrived",
        "Send it again after a minute or more.",
    ),
    "extraction_failed": Code(
        502,
        "page",
        True,
        2,
        "A page arrived that could not be read",
        "Send it again after 2 seconds; another layout is often served then.",
    ),
    "asin_mismatch": Code(
        502,
        "page",
        False,
        None,
        "Another product's page was served",
        "Replace the ASIN by the one in the message if that is the product you mean.",
    ),
    "generic_gallery_page": Code(
        502,
        "page",
        False,
        None,
        "A shelf of other products was served",
        "Remove the ASIN from your set.",
    ),
    "capacity": Code(
        503,
        "server",
        True,
        None,
        "The service is at its limit",
        "Wait for `Retry-After` seconds, then send it again.",
    ),
}

CLIENT_CODES: dict[str, ClientCode] = {
    "connection_failed": ClientCode(
        "connection",
        True,
        "The connection failed",
        "Check the base URL and the network.",
    ),
    "request_timeout": ClientCode(
        "connection",
        True,
        "No complete answer within the time of one attempt",
        "Raise the timeout of one attempt; the service itself may take 45 seconds.",
    ),
    "deadline_exceeded": ClientCode(
        "connection",
        False,
        "The deadline of the whole call ran out",
        "Raise the deadline, or call again.",
    ),
    "invalid_response": ClientCode(
        "response",
        False,
        "An answer that is not the service's",
        "Check the base URL; a proxy or a portal may stand between.",
    ),
    "cancelled": ClientCode(
        "cancelled",
        False,
        "The caller cancelled",
        "Nothing to do.",
    ),
}

STATUSES: dict[str, Status] = {
    "400": Status(
        "request",
        False,
        None,
    ),
    "401": Status(
        "auth",
        False,
        None,
    ),
    "402": Status(
        "billing",
        False,
        None,
    ),
    "403": Status(
        "auth",
        False,
        None,
    ),
    "404": Status(
        "not_found",
        False,
        None,
    ),
    "408": Status(
        "timeout",
        True,
        2,
    ),
    "422": Status(
        "upstream",
        True,
        60,
    ),
    "429": Status(
        "rate_limit",
        True,
        None,
    ),
    "500": Status(
        "server",
        True,
        5,
    ),
    "501": Status(
        "request",
        False,
        None,
    ),
    "3xx": Status(
        "response",
        False,
        None,
    ),
    "4xx": Status(
        "request",
        False,
        None,
    ),
    "5xx": Status(
        "server",
        True,
        None,
    ),
}
