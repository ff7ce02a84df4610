"""Client of ASA, the open Amazon scraper API.

>>> from asa import AmazonScraperAPI
>>> client = AmazonScraperAPI("asa_test_...")
"""

from ._async_client import AsyncAmazonScraperAPI
from ._cancel import CancelToken
from ._client import AmazonScraperAPI
from ._error import AmazonScraperAPIError
from ._meta import Meta, meta
from ._settings import RetryEvent, Settings, Time
from ._version import VERSION as __version__
from ._webhooks import WebhookVerificationError, verify_webhook_signature
from .generated.errors import (
    APIConnectionError,
    AuthenticationError,
    CancelledError,
    ForbiddenRegionError,
    InsufficientCreditsError,
    InvalidRequestError,
    InvalidResponseError,
    NotFoundError,
    PageError,
    RateLimitError,
    ServerError,
    UpstreamError,
    UpstreamTimeoutError,
)

__all__ = [
    "APIConnectionError",
    "AmazonScraperAPI",
    "AmazonScraperAPIError",
    "AsyncAmazonScraperAPI",
    "AuthenticationError",
    "CancelToken",
    "CancelledError",
    "ForbiddenRegionError",
    "InsufficientCreditsError",
    "InvalidRequestError",
    "InvalidResponseError",
    "Meta",
    "NotFoundError",
    "PageError",
    "RateLimitError",
    "RetryEvent",
    "ServerError",
    "Settings",
    "Time",
    "UpstreamError",
    "UpstreamTimeoutError",
    "WebhookVerificationError",
    "__version__",
    "meta",
    "verify_webhook_signature",
]
