# Generated from the contract by "npm run generate". Do not edit.
"""The service's answers, as JSON brings them. Every key is there unless it is said to be optional."""

from typing import Any, Literal, Optional, TypedDict, Union

DealType = Literal[
    "lightning",
    "limited_time",
    "prime_exclusive",
    "event",
    "other",
]


Availability = Literal[
    "in_stock",
    "low_stock",
    "out_of_stock",
    "preorder",
    "backorder",
    "unavailable",
    "unknown",
]


PageState = Literal[
    "buybox",
    "select_variant",
    "see_all_buying_options",
    "unavailable",
    "no_buybox",
]


NoPriceReason = Literal[
    "no_featured_offer",
    "unavailable",
    "select_variant",
    "hidden_in_cart",
    "not_deliverable",
    "digital_subscription",
]


DeliveryType = Literal[
    "standard",
    "fastest",
    "pickup",
]


GtinType = Literal[
    "upc",
    "ean",
    "isbn10",
    "isbn13",
    "gtin14",
]


ProductKind = Literal[
    "physical",
    "book",
    "kindle",
    "audible",
    "video",
    "music",
    "app",
    "gift_card",
    "subscription",
    "other",
]


SortBy = Literal[
    "best_match",
    "price_asc",
    "price_desc",
    "avg_customer_review",
    "newest",
]


NewBatchStatus = Literal[
    "pending",
]


BatchEndpoint = Literal[
    "amazon.product",
    "amazon.search",
]


BatchStatus = Literal[
    "pending",
    "running",
    "complete",
    "failed",
    "cancelled",
]


BatchWebhookStatus = Literal[
    "none",
    "pending",
    "delivered",
    "failed",
]


ResultStatus = Literal[
    "ok",
    "error",
]


ErrorCode = Literal[
    "invalid_params",
    "unauthorized",
    "revoked",
    "insufficient_credits",
    "forbidden_region",
    "not_found",
    "product_not_found",
    "upstream_timeout",
    "blocked_by_amazon",
    "rate_limited",
    "internal_error",
    "not_implemented",
    "target_unreachable",
    "extraction_failed",
    "asin_mismatch",
    "generic_gallery_page",
    "capacity",
]


WebhookDeliveryStatus = Literal[
    "pending",
    "delivered",
    "failed",
]


EstimateEndpoint = Literal[
    "amazon.product",
    "amazon.search",
    "amazon.batch",
]


Plan = Literal[
    "free",
    "vibe",
    "pro",
    "custom",
]


BudgetStateScope = Literal[
    "workspace",
    "key",
]


BudgetStatePeriod = Literal[
    "day",
    "month",
]


TopUpState = Literal[
    "open",
    "paid",
    "failed",
]


AlertType = Literal[
    "budget",
]


ApiKeyMode = Literal[
    "live",
    "test",
]


Verdict = Literal[
    "product",
    "list",
    "no_results",
    "not_found",
    "other_product",
    "shelf",
    "captcha",
    "continue_shopping",
    "waf",
    "sign_in",
    "service_unavailable",
    "offers",
    "home",
    "unknown",
    "truncated",
    "empty",
    "not_html",
    "refused",
    "timeout",
    "connection",
    "tls",
    "proxy",
    "redirect_loop",
    "foreign_redirect",
    "too_large",
    "undecodable",
    "unread",
    "outrun",
    "caller_gone",
]


ChainEntryKind = Literal[
    "grant",
    "topup",
    "hold",
    "capture",
    "release",
    "adjust",
]


class AccountCredits(TypedDict):
    allowance_left: int
    """What is left of this month's allowance; spent first."""
    topup_left: int
    """Topped-up credits that are left; they never expire."""
    held: int
    """Held for requests that are in flight."""
    total: int
    """What can be spent now: allowance and top-up together, and the sum of all ledger entries."""
    resets_at: str
    """ISO 8601 time at which the next allowance is granted."""


class Limits(TypedDict):
    rps: int
    """Sustained requests a second, per key."""
    burst_rps: int
    """Requests a second for 3 seconds from rest, per key."""
    concurrency: int
    """Product and search requests in flight, per key."""


class BudgetState(TypedDict):
    scope: BudgetStateScope
    key: Optional[str]
    """Short prefix of the key, the newest of its line; null for the workspace."""
    period: BudgetStatePeriod
    credits: int
    """The budget."""
    spent: int
    """Taken for answers in this period."""
    reserved: int
    """What requests in flight may cost."""
    resets_at: str
    """ISO 8601 time at which the next period begins."""


class TopUp(TypedDict):
    id: str
    """`top_` and 16 hex digits; the idempotency key of the payment."""
    state: TopUpState
    """`open`: the provider was asked, its answer is not known yet. `paid`: the credits are in the ledger. `failed`: nothing was paid."""
    provider: str
    credits: int
    cents: int
    """Price in US cents."""
    reason: Optional[str]
    """Why it failed."""
    created_at: str
    """ISO 8601 time in UTC."""
    decided_at: Optional[str]


class AutoTopUpState(TypedDict):
    enabled: bool
    threshold: int
    """A pack is bought when fewer credits than this are left."""
    pack: int
    """Credits of one pack. A request that costs more than a pack buys several at once."""
    monthly_cap: int
    """Most credits bought in one month of the workspace, from one reset of its allowance to the next."""
    bought_this_month: int
    """Counts towards the cap; one that is open counts too."""
    last: Optional[TopUp]
    """The latest one."""


class Alert(TypedDict):
    id: str
    """`alr_` and a number; the same in every delivery."""
    type: AlertType
    scope: BudgetStateScope
    key: Optional[str]
    period: BudgetStatePeriod
    period_start: str
    """First day of the period, `YYYY-MM-DD`."""
    percent: int
    """50, 80 or 100, once each in a period. At 100 no further request fits."""
    budget: int
    spent: int
    created_at: str
    """ISO 8601 time in UTC."""
    delivered_at: Optional[str]
    """When it was handed over for delivery; null: nowhere to deliver it to, or not yet."""


class Budgets(TypedDict):
    day: Optional[int]
    """Most credits that may be spent in a day of UTC; null: no budget."""
    month: Optional[int]
    """Most credits that may be spent in a calendar month of UTC; null: no budget."""


class ApiKey(TypedDict):
    id: str
    short_prefix: str
    """The start of the key, as dashboards and logs show it."""
    mode: ApiKeyMode
    """`test` keys answer from the sandbox and never bill."""
    name: str
    created_at: str
    """ISO 8601 time in UTC."""
    last_used_at: Optional[str]
    """ISO 8601 time of the last use, written with a delay of seconds; null when never used."""
    revoked_at: Optional[str]
    """ISO 8601 time of the revocation; null for an active key."""
    revokes_at: Optional[str]
    """ISO 8601 time at which a key that was replaced is revoked; null: at none."""
    budgets: Budgets
    """Of the key and of those that it replaces or is replaced by, together."""


class UsageRow(TypedDict):
    date: str
    """Day in UTC, `YYYY-MM-DD`."""
    key: str
    """Short prefix of the key."""
    requests: int
    """Calls with a valid key."""
    succeeded: int
    """Those answered with 200."""
    credits: int
    """Credits taken for them."""


class Account(TypedDict):
    workspace: str
    """Id of the workspace."""
    plan: Plan
    credits: AccountCredits
    limits: Limits
    budgets: list[BudgetState]
    """The budgets of the workspace and of its active keys."""
    auto_top_up: AutoTopUpState
    alerts: list[Alert]
    """The latest 20."""
    keys: list[ApiKey]
    """Active keys, and those revoked in the last 90 days; newest first."""
    usage: list[UsageRow]
    """The last 30 days, by day and key; newest day first."""
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""


class Aplus(TypedDict):
    text: Optional[str]
    images: list[str]


class Attempt(TypedDict):
    n: int
    """From 1."""
    tier: str
    exit_country: Optional[str]
    """Country of the exit, when it is known."""
    url: str
    """Final URL of this attempt."""
    started_at: str
    """ISO 8601 time in UTC."""
    status: Optional[int]
    """The marketplace's HTTP status; null when no answer came."""
    bytes: int
    """Bytes of the body as received."""
    duration_ms: float
    wait_ms: float
    """How long it waited before it began: after a failure, for its turn at the exit, for a free place."""
    hedge: bool
    """Whether it raced an attempt that was slow."""
    shared: bool
    """Whether it was made for another request that asked for the same page at the same time."""
    verdict: Verdict
    """What the attempt brought."""
    error: Optional[str]
    """Short reason when no page arrived."""


class Author(TypedDict):
    name: str
    role: Optional[str]
    """As shown, for example "Author" or "Illustrator"."""
    url: Optional[str]


class CategoryStep(TypedDict):
    name: str
    url: Optional[str]


class Category(TypedDict):
    ladder: list[CategoryStep]
    """From the widest to the narrowest category."""
    rank: Optional[int]
    """Best-seller rank; null for the breadcrumb."""


class BuyBoxOffer(TypedDict):
    price: Optional[float]
    seller_name: Optional[str]
    seller_id: Optional[str]
    ships_from: Optional[str]
    is_amazon_fulfilled: Optional[bool]
    condition: Optional[str]
    """As shown for a used offer; "New" when the page says so or sells it as new."""
    stock: Optional[str]
    """Availability text as shown."""
    returns: Optional[str]
    """Return policy as shown."""


class FeaturedMerchant(TypedDict):
    name: str
    seller_id: Optional[str]
    is_amazon_fulfilled: Optional[bool]


class Review(TypedDict):
    id: str
    author: Optional[str]
    title: Optional[str]
    content: Optional[str]
    rating: Optional[float]
    timestamp: Optional[str]
    """ISO date of the review."""
    is_verified: bool
    helpful_count: Optional[int]
    country: Optional[str]
    """Country as shown."""
    images: list[str]


class Variation(TypedDict):
    asin: str
    dimensions: dict[str, str]
    """Dimension name as shown -> value, for example {"Color": "Blue"}."""
    selected: bool
    price: Optional[float]
    """Its own price when the page shows one; never the selected variation's."""
    image: Optional[str]
    available: Optional[bool]


class UnitPrice(TypedDict):
    price: float
    """Price of one unit, in `currency`."""
    unit: Optional[str]
    """The unit as shown, for example "100 g" or "count"."""


class Savings(TypedDict):
    amount: Optional[float]
    """Amount saved, in `currency`, as shown."""
    percent: Optional[float]
    """Percent saved as shown, 0-100, positive."""


class Deal(TypedDict):
    type: DealType
    """Kind of the deal."""
    text: str
    """The badge as shown."""
    ends_at: Optional[str]
    """ISO time of its end, when the page tells."""


class Delivery(TypedDict):
    type: DeliveryType
    text: str
    """The promise as shown."""
    price: Optional[float]
    """Delivery price in `currency`; 0 when shown as free; null when not shown."""


class Offers(TypedDict):
    count: Optional[int]
    """Number of offers as shown."""
    new_from: Optional[float]
    """Lowest new price shown beside the featured offer."""
    used_from: Optional[float]
    """Lowest used price shown beside the featured offer."""


class RankRow(TypedDict):
    rank: int
    category: str
    url: Optional[str]


class Gtin(TypedDict):
    type: GtinType
    value: str
    """Digits only (X at the end of an ISBN-10)."""


class Video(TypedDict):
    title: Optional[str]
    url: Optional[str]
    thumbnail: Optional[str]
    duration_seconds: Optional[int]


class Format(TypedDict):
    format: str
    asin: Optional[str]
    price: Optional[float]
    selected: bool


class _ProductOptional(TypedDict, total=False):
    html: str
    """Source of the page, only with `add_html=true`."""


class Product(_ProductOptional):
    asin: str
    """ASIN of the product the page is for (the selected variation). Ten characters."""
    parent_asin: Optional[str]
    """ASIN of the variation family; null when there is none."""
    title: str
    """Title as shown."""
    brand: Optional[str]
    """Brand name without "Visit the ... Store" or "Brand:"."""
    manufacturer: Optional[str]
    price: Optional[float]
    """What a shopper pays now for the selected option in the featured offer; null with a `no_price_reason`."""
    price_buybox: Optional[float]
    """Price of the featured offer in the buy box."""
    price_strikethrough: Optional[float]
    """The crossed-out list, typical or RRP price of the same offer."""
    currency: Optional[str]
    """ISO 4217 currency of the prices as displayed."""
    stock: Optional[str]
    """Availability text as shown."""
    is_prime: bool
    """A Prime badge is on the featured offer."""
    rating: Optional[float]
    """Average stars, 0-5."""
    reviews_count: Optional[int]
    """Number of ratings as shown."""
    images: list[str]
    """Largest size of each gallery image of the selected option, main image first."""
    bullet_points: Optional[str]
    """The "About this item" bullets joined by a line feed."""
    description: Optional[str]
    product_details: dict[str, str]
    """Rows of the details lists, name -> value as shown."""
    product_dimensions: Optional[str]
    """As shown."""
    answered_questions_count: Optional[int]
    has_videos: bool
    category: list[Category]
    """The breadcrumb first (its ladder empty when the page shows none), then one per best-seller rank."""
    buybox: list[BuyBoxOffer]
    """The featured offer; empty when there is none."""
    featured_merchant: Optional[FeaturedMerchant]
    reviews: list[Review]
    """The reviews on the page."""
    variations: list[Variation]
    url: Optional[str]
    """Canonical URL of the product."""
    domain: str
    """Marketplace, for example "co.uk"."""
    language: Optional[str]
    """Language as the page declares it, `xx_YY`."""
    price_string: Optional[str]
    """The price as shown."""
    price_strikethrough_label: Optional[str]
    """The label of the crossed-out price as shown, for example "List Price"."""
    price_min: Optional[float]
    """Lower end of a price range shown for an unselected variation."""
    price_max: Optional[float]
    """Upper end of that range."""
    price_shipping: Optional[float]
    """Shipping price of the featured offer; 0 when shown as free."""
    price_subscribe: Optional[float]
    """Subscribe-and-save price."""
    unit_price: Optional[UnitPrice]
    savings: Optional[Savings]
    coupon: Optional[str]
    """Coupon text as shown."""
    deal: Optional[Deal]
    availability: Availability
    stock_left: Optional[int]
    """Units left when the page says how many."""
    max_quantity: Optional[int]
    """Largest quantity the page lets a shopper choose."""
    page_state: PageState
    no_price_reason: Optional[NoPriceReason]
    """Why `price` is null; null when there is a price."""
    delivery: list[Delivery]
    delivered_to: Optional[str]
    """The location the page says it priced for."""
    offers: Optional[Offers]
    rating_histogram: dict[str, float]
    """Stars "5".."1" -> share 0-1."""
    review_summary: Optional[str]
    """The page's own summary of the reviews."""
    sales_volume: Optional[str]
    """As shown, for example "1K+ bought in past month"."""
    sales_rank: list[RankRow]
    brand_url: Optional[str]
    is_amazons_choice: bool
    is_best_seller: bool
    badges: list[str]
    model_number: Optional[str]
    gtins: list[Gtin]
    item_weight: Optional[str]
    """As shown."""
    date_first_available: Optional[str]
    """ISO date."""
    product_overview: dict[str, str]
    technical_details: dict[str, str]
    aplus: Optional[Aplus]
    videos: list[Video]
    authors: list[Author]
    formats: list[Format]
    """Book and media formats on the page."""
    variation_dimensions: list[str]
    frequently_bought_together: list[str]
    """ASINs, without the product's own."""
    kind: ProductKind
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    fetched_at: str
    """ISO time at which the page was fetched."""


class SearchCard(TypedDict):
    asin: str
    title: str
    url: Optional[str]
    """Product URL without tracking."""
    image: Optional[str]
    price: Optional[float]
    price_string: Optional[str]
    """As shown."""
    price_strikethrough: Optional[float]
    highest_price: Optional[float]
    """Upper end when the card shows a range."""
    currency: Optional[str]
    """ISO 4217 currency of the prices as displayed."""
    unit_price: Optional[UnitPrice]
    rating: Optional[float]
    reviews_count: Optional[int]
    sales_volume: Optional[str]
    """As shown."""
    is_prime: bool
    is_amazons_choice: bool
    best_seller: bool
    is_sponsored: bool
    organic_position: Optional[int]
    """From 1 over all pages of the request; null for a sponsored card."""
    sponsored_position: Optional[int]
    """From 1 over all pages of the request; null for an organic card."""
    page: int
    """Result page the card is on."""
    coupon: Optional[str]
    delivery: Optional[str]
    """As shown."""
    brand: Optional[str]
    variations_count: Optional[int]
    badges: list[str]


class _SearchResultOptional(TypedDict, total=False):
    html: list[str]
    """Source of each page, only with `add_html=true`."""


class SearchResult(_SearchResultOptional):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    fetched_at: str
    """ISO time at which the first page was fetched."""
    query: str
    domain: str
    language: Optional[str]
    """Language as the page declares it, `xx_YY`."""
    sort_by: SortBy
    page: int
    """First page asked for."""
    pages_fetched: int
    """How many pages were obtained; only these are billed."""
    total_results: Optional[int]
    total_results_string: Optional[str]
    no_results: bool
    corrected_query: Optional[str]
    products: list[SearchCard]
    related_searches: list[str]


class BatchResult(TypedDict):
    index: int
    """Place of the item in `items`, from 0."""
    input: dict[str, Any]
    """The item as it was sent."""
    status: ResultStatus
    http_status: int
    """What the same request would have been answered with on its own."""
    data: Optional[Union[Product, SearchResult]]
    """The answer of the endpoint; null on an error."""
    error: Optional[ErrorCode]
    message: Optional[str]
    request_id: str
    """Its trace is at `/api/v1/requests/{request_id}`."""
    duration_ms: float
    """How long its last try took."""
    credits_charged: int


class _BatchOptional(TypedDict, total=False):
    results: list[BatchResult]
    """Of the items that have one, in item order; left out with `results=false`."""


class Batch(_BatchOptional):
    id: str
    """A UUID."""
    status: BatchStatus
    """`complete`: every item has a result, be it an error. `failed`: the time of the batch ran out first."""
    endpoint: BatchEndpoint
    total_count: int
    processed_count: int
    """Items with a result: `success_count` + `failure_count`."""
    success_count: int
    failure_count: int
    credits_charged: int
    created_at: str
    """ISO 8601 time in UTC."""
    started_at: Optional[str]
    completed_at: Optional[str]
    webhook_url: Optional[str]
    webhook_delivered_at: Optional[str]
    webhook_delivery_status: BatchWebhookStatus
    webhook_last_error: Optional[str]
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""


class BatchSummary(TypedDict):
    id: str
    """A UUID."""
    status: BatchStatus
    """`complete`: every item has a result, be it an error. `failed`: the time of the batch ran out first."""
    endpoint: BatchEndpoint
    total_count: int
    processed_count: int
    """Items with a result: `success_count` + `failure_count`."""
    success_count: int
    failure_count: int
    credits_charged: int
    created_at: str
    """ISO 8601 time in UTC."""
    started_at: Optional[str]
    completed_at: Optional[str]
    webhook_url: Optional[str]
    webhook_delivered_at: Optional[str]
    webhook_delivery_status: BatchWebhookStatus
    webhook_last_error: Optional[str]


class BatchList(TypedDict):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    batches: list[BatchSummary]
    """Newest first."""
    next_cursor: Optional[str]
    """Pass it as `cursor` to read on; null when this is the end of the list."""


class ChainEnd(TypedDict):
    seq: int
    hash: str
    """SHA-256 in hex digits: of the hash of the entry before (64 zeros before the first) followed by the text of this one."""
    balance: int
    """The sum of all entries so far."""


class ChainEntry(TypedDict):
    kind: ChainEntryKind
    """`grant`: a month's allowance, or the rest of a larger one after a change of plan. `topup`: credits bought or given; they never expire. `hold`: credits set aside for a request in flight. `capture`: the cost of an answered request. `release`: a hold given back: when the request was settled, failed or was lost. `adjust`: a correction by hand, a refund, or an allowance that expired."""
    amount: int
    """Credits; negative when they were taken."""
    request_id: Optional[str]
    """The request it belongs to."""
    reason: Optional[str]
    created_at: str
    """ISO 8601 time in UTC."""
    seq: int
    """Counts from 1 within the workspace, without gaps."""
    allowance: int
    """The amount's part of the monthly allowance."""
    topup: int
    """The amount's part of the topped-up credits."""
    period: int
    """The month, counted from the beginning of the workspace, that the allowance belongs to."""
    key_id: Optional[str]
    """The key that made the request."""
    hash: str
    """SHA-256 in hex digits: of the hash of the entry before (64 zeros before the first) followed by the text of this one."""


class DeliveryAttempt(TypedDict):
    n: int
    """Counts from 1, over redeliveries too. The newest 50 are kept."""
    started_at: str
    """ISO 8601 time in UTC."""
    duration_ms: float
    http_status: Optional[int]
    """What your server answered; null when it did not."""
    error: Optional[str]
    """Why the attempt failed; null when it did not."""
    response: str
    """The first 1 KB of what your server answered."""
    manual: bool
    """Asked for with `redeliver`."""


class WebhookDelivery(TypedDict):
    id: str
    """The `webhook-id` header: the same in every attempt of this event."""
    event: str
    """The `X-ASA-Event` header."""
    index: Optional[int]
    """Of the item, for `batch.item`; null otherwise."""
    status: WebhookDeliveryStatus
    """`failed`: the last attempt failed and there will be no other by itself."""
    created_at: str
    """ISO 8601 time in UTC."""
    delivered_at: Optional[str]
    next_attempt_at: Optional[str]
    """Null when there will be none."""
    last_error: Optional[str]
    attempts: list[DeliveryAttempt]
    """Newest first."""


class DeliveryList(TypedDict):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    deliveries: list[WebhookDelivery]
    """Newest first."""
    next_cursor: Optional[str]
    """Pass it as `cursor` to read on; null when this is the end of the list."""


class Estimate(TypedDict):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    endpoint: EstimateEndpoint
    units: int
    """Product requests and search pages that it may be charged for at most."""
    credits: int
    """What it costs at most with a live key. Failures and pages past the end cost nothing."""
    charged_at_most: int
    """What this key would be charged at most: 0 for a test key."""
    credits_left: int
    """What the workspace can spend now."""
    budget_left: Optional[int]
    """What the budgets of the workspace and the key leave now; null: there are none."""
    sufficient: bool
    """Whether it could be paid for whole now."""
    auto_top_up: bool
    """Whether missing credits would be bought automatically."""
    problem: Optional[str]
    """Why it could not be paid for whole now."""


class LedgerPage(TypedDict):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    workspace: str
    end: ChainEnd
    """Where the chain ends now."""
    entries: list[ChainEntry]
    """Newest first."""
    next_cursor: Optional[str]
    """Pass it as `cursor` to read on; null when this is the end of the list."""


class _NewBatchOptional(TypedDict, total=False):
    webhook_signature_secret: str
    """`whsec_` and base64: what the events are signed with. Only with a `webhook_url`, and only here."""


class NewBatch(_NewBatchOptional):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    id: str
    """A UUID."""
    status: NewBatchStatus
    endpoint: BatchEndpoint
    total_count: int
    created_at: str
    """ISO 8601 time in UTC."""
    poll_url: str
    """Where the status of the batch is."""


class Redeliver(TypedDict):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    delivery: WebhookDelivery


class RequestSummary(TypedDict):
    request_id: str
    workspace: str
    """Id of the workspace."""
    key: str
    """Short prefix of the key."""
    endpoint: str
    """For example `amazon.product`."""
    params: dict[str, Any]
    """Parameters as understood; empty when they could not be read."""
    received_at: str
    """ISO 8601 time in UTC."""
    status: int
    """HTTP status of the answer; 499 when the caller hung up before it."""
    error: Optional[ErrorCode]
    """The error code, or null."""
    credits: int
    """Credits taken."""
    duration_ms: float
    resolved_url: Optional[str]
    """Final URL of the page."""


class RequestList(TypedDict):
    request_id: str
    """Id of this request: `req_` and 12 hex digits."""
    requests: list[RequestSummary]
    """Newest first."""
    next_cursor: Optional[str]
    """Pass it as `cursor` to read on; null when this is the end of the list."""


class TraceExtractor(TypedDict):
    version: str
    kind: str
    fields_found: list[str]
    fields_missing: list[str]
    """Fields that the page does not show."""
    fields_failed: list[str]
    """Fields whose extraction failed by a bug."""


class TraceStage(TypedDict):
    name: str
    ms: float


class Trace(TypedDict):
    request_id: str
    workspace: str
    """Id of the workspace."""
    key: str
    """Short prefix of the key."""
    endpoint: str
    """For example `amazon.product`."""
    params: dict[str, Any]
    """Parameters as understood; empty when they could not be read."""
    received_at: str
    """ISO 8601 time in UTC."""
    status: int
    """HTTP status of the answer; 499 when the caller hung up before it."""
    error: Optional[ErrorCode]
    """The error code, or null."""
    credits: int
    """Credits taken."""
    duration_ms: float
    resolved_url: Optional[str]
    """Final URL of the page."""
    extractor: TraceExtractor
    attempts: list[Attempt]
    stages: list[TraceStage]
    """The stages in their order, with the time each took."""


__all__ = [
    "Account",
    "AccountCredits",
    "Alert",
    "AlertType",
    "ApiKey",
    "ApiKeyMode",
    "Aplus",
    "Attempt",
    "Author",
    "AutoTopUpState",
    "Availability",
    "Batch",
    "BatchEndpoint",
    "BatchList",
    "BatchResult",
    "BatchStatus",
    "BatchSummary",
    "BatchWebhookStatus",
    "BudgetState",
    "BudgetStatePeriod",
    "BudgetStateScope",
    "Budgets",
    "BuyBoxOffer",
    "Category",
    "CategoryStep",
    "ChainEnd",
    "ChainEntry",
    "ChainEntryKind",
    "Deal",
    "DealType",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryList",
    "DeliveryType",
    "ErrorCode",
    "Estimate",
    "EstimateEndpoint",
    "FeaturedMerchant",
    "Format",
    "Gtin",
    "GtinType",
    "LedgerPage",
    "Limits",
    "NewBatch",
    "NewBatchStatus",
    "NoPriceReason",
    "Offers",
    "PageState",
    "Plan",
    "Product",
    "ProductKind",
    "RankRow",
    "Redeliver",
    "RequestList",
    "RequestSummary",
    "ResultStatus",
    "Review",
    "Savings",
    "SearchCard",
    "SearchResult",
    "SortBy",
    "TopUp",
    "TopUpState",
    "Trace",
    "TraceExtractor",
    "TraceStage",
    "UnitPrice",
    "UsageRow",
    "Variation",
    "Verdict",
    "Video",
    "WebhookDelivery",
    "WebhookDeliveryStatus",
]
