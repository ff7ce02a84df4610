# Generated from the contract by "npm run generate". Do not edit.
"""The parameters of calls beside their query; one that is missing or None is not sent."""

from typing import Optional, TypedDict

from .types import SortBy


class ProductOptions(TypedDict, total=False):
    """One product page as JSON."""

    domain: Optional[str]
    """Marketplace: the part of its address after `amazon.`. Default `com`."""
    language: Optional[str]
    """UI language `xx_YY`, one of the marketplace's. Default: the marketplace's first."""
    country: Optional[str]
    """Exit country, ISO 3166-1 alpha-2, for example `US`. Needs a plan with an exit country of choice."""
    add_html: Optional[bool]
    """Add the source of the page as `html`."""
    max_credits: Optional[int]
    """Refuse the request (400) when it could cost more credits than this."""


class SearchPageOptions(TypedDict, total=False):
    """One to ten result pages as JSON."""

    domain: Optional[str]
    """Marketplace: the part of its address after `amazon.`. Default `com`."""
    language: Optional[str]
    """UI language `xx_YY`, one of the marketplace's. Default: the marketplace's first."""
    country: Optional[str]
    """Exit country, ISO 3166-1 alpha-2, for example `US`. Needs a plan with an exit country of choice."""
    add_html: Optional[bool]
    """Add the source of the page as `html`."""
    sort_by: Optional[SortBy]
    """Order of the results. Default `best_match`."""
    max_credits: Optional[int]
    """Refuse the request (400) when it could cost more credits than this."""


class SearchOptions(SearchPageOptions, total=False):
    """One to ten result pages as JSON."""

    start_page: Optional[int]
    """First result page. Default 1."""
    pages: Optional[int]
    """How many result pages; each is one unit of cost. Default 1."""
