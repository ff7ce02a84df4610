# Generated from the contract by "npm run generate". Do not edit.
"""One class of error per family of codes."""

from .._error import AmazonScraperAPIError


class InvalidRequestError(AmazonScraperAPIError):
    """The request is wrong; correct it.

    Codes: ``invalid_params``, ``not_implemented``.
    """

    family = "request"


class AuthenticationError(AmazonScraperAPIError):
    """The key is missing, unknown or revoked.

    Codes: ``unauthorized``, ``revoked``.
    """

    family = "auth"


class InsufficientCreditsError(AmazonScraperAPIError):
    """The credits are used up; top up.

    Codes: ``insufficient_credits``.
    """

    family = "billing"


class ForbiddenRegionError(AmazonScraperAPIError):
    """The exit country is not available.

    Codes: ``forbidden_region``.
    """

    family = "region"


class NotFoundError(AmazonScraperAPIError):
    """There is no such product, path or id.

    Codes: ``not_found``, ``product_not_found``.
    """

    family = "not_found"


class RateLimitError(AmazonScraperAPIError):
    """A ceiling of the key was reached; slow down.

    Codes: ``rate_limited``.
    """

    family = "rate_limit"


class UpstreamTimeoutError(AmazonScraperAPIError):
    """The marketplace was too slow; again later.

    Codes: ``upstream_timeout``.
    """

    family = "timeout"


class UpstreamError(AmazonScraperAPIError):
    """The marketplace refused or broke; again in a minute.

    Codes: ``blocked_by_amazon``, ``target_unreachable``.
    """

    family = "upstream"


class PageError(AmazonScraperAPIError):
    """The page that came is not the one asked for, or unreadable.

    Codes: ``extraction_failed``, ``asin_mismatch``, ``generic_gallery_page``.
    """

    family = "page"


class ServerError(AmazonScraperAPIError):
    """The service failed or is at its limit; again later.

    Codes: ``internal_error``, ``capacity``.
    """

    family = "server"


class APIConnectionError(AmazonScraperAPIError):
    """No answer of the service arrived in time.

    Codes: ``connection_failed``, ``request_timeout``, ``deadline_exceeded``.
    """

    family = "connection"


class InvalidResponseError(AmazonScraperAPIError):
    """An answer arrived that is not the service's.

    Codes: ``invalid_response``.
    """

    family = "response"


class CancelledError(AmazonScraperAPIError):
    """The caller gave the call up.

    Codes: ``cancelled``.
    """

    family = "cancelled"


FAMILIES: dict[str, type[AmazonScraperAPIError]] = {
    "request": InvalidRequestError,
    "auth": AuthenticationError,
    "billing": InsufficientCreditsError,
    "region": ForbiddenRegionError,
    "not_found": NotFoundError,
    "rate_limit": RateLimitError,
    "timeout": UpstreamTimeoutError,
    "upstream": UpstreamError,
    "page": PageError,
    "server": ServerError,
    "connection": APIConnectionError,
    "response": InvalidResponseError,
    "cancelled": CancelledError,
}

__all__ = [
    "FAMILIES",
    "APIConnectionError",
    "AuthenticationError",
    "CancelledError",
    "ForbiddenRegionError",
    "InsufficientCreditsError",
    "InvalidRequestError",
    "InvalidResponseError",
    "NotFoundError",
    "PageError",
    "RateLimitError",
    "ServerError",
    "UpstreamError",
    "UpstreamTimeoutError",
]
