/**
 * The standard words of a shop page in one language: what `extract` recognises and `origin` prints.
 *
 * Each key is a list of phrases: the first is the form the site uses today, the rest are older or alternative forms
 * and plural forms. `{name}` marks a variable part; which names a key may use is declared in `placeholders.ts`.
 * Native digits are the parser's business: `{n}` stands for a number however it is written ("1,234", "1K", "٣").
 * Labels are written without their colon. Sources: the pages themselves; see the languages' own files.
 */
export type Phrases = readonly string[];

/**
 * Availability of the selected option and the states of the buy box.
 * "Not in stock" contains "in stock" in many languages: search a text in the order of `AVAILABILITY_ORDER`.
 */
export interface AvailabilityWords {
  /** Purchasable now. */
  readonly inStock: Phrases;
  /** `{n}` left. */
  readonly onlyLeft: Phrases;
  /** Few left, no number given. */
  readonly lowStock: Phrases;
  /** Temporarily out of stock. */
  readonly outOfStock: Phrases;
  /** Currently unavailable, return unknown. */
  readonly unavailable: Phrases;
  /** Not released yet, can be ordered. */
  readonly preorder: Phrases;
  /** Can be ordered now, comes back later: "In stock on `{date}`". */
  readonly backorder: Phrases;
  /** Can be bought now, leaves after a handling time: "Usually ships within `{date}`" (`{date}`: "2 to 3 days"). */
  readonly shipsWithin: Phrases;
  /** Cannot be sent to the visitor's location. */
  readonly notDeliverable: Phrases;
  /** No offer is featured; other sellers may have it. */
  readonly noFeaturedOffer: Phrases;
  /** Button or link to the list of offers in place of a buy box. */
  readonly seeAllBuyingOptions: Phrases;
  /** The price is shown in the cart only. */
  readonly hiddenInCart: Phrases;
  /** Sold only by other sellers, listed elsewhere. */
  readonly availableFromTheseSellers: Phrases;
  /** Asks the visitor to choose a size, color, ... first. */
  readonly selectOption: Phrases;
}

/** Who sells and who ships. */
export interface SellerWords {
  /** Label before the shipper. */
  readonly shipsFrom: Phrases;
  /** Label before the seller. */
  readonly soldBy: Phrases;
  /** Label before one name that does both (`shipper / seller`). */
  readonly shipperSellerLabel: Phrases;
  /** "Ships from and sold by `{seller}`": one does both. */
  readonly shipsFromAndSoldBy: Phrases;
  /** "Sold by `{seller}` and fulfilled by Amazon". */
  readonly fulfilledByAmazon: Phrases;
  /** Names under which the marketplace's own retailer sells and ships. */
  readonly amazonSeller: Phrases;
  /** Label before the return policy. */
  readonly returnsLabel: Phrases;
  /** A return promise, free or within a time. */
  readonly returnable: Phrases;
}

/** Prices, what stands beside them, and conditions. */
export interface PriceWords {
  /** Label before the price paid. */
  readonly priceLabel: Phrases;
  /** Manufacturer's list price. */
  readonly listPrice: Phrases;
  /** Recommended retail price. */
  readonly rrp: Phrases;
  /** Median price of the last months. */
  readonly typicalPrice: Phrases;
  /** Former price of this shop, or lowest of the last 30 days. */
  readonly wasPrice: Phrases;
  /** Label before the amount saved. */
  readonly saveLabel: Phrases;
  /** Word after an amount paid each month. */
  readonly perMonth: Phrases;
  /** Words for paying in parts. */
  readonly instalments: Phrases;
  /** The subscription programme. */
  readonly subscribeAndSave: Phrases;
  /** One-time purchase, beside the subscription. */
  readonly oneTimePurchase: Phrases;
  /** Price for members of Prime. */
  readonly withPrime: Phrases;
  /** Condition: new. */
  readonly newCondition: Phrases;
  /** Condition: used. */
  readonly used: Phrases;
  /** Condition: refurbished. */
  readonly refurbished: Phrases;
  /** Price of one unit: "`{price}` / `{unit}`". */
  readonly unitPer: Phrases;
  /** Label before a delivery price or import charges added to the price. */
  readonly importCharges: Phrases;
  /** Lowest of several offers: "from `{price}`". */
  readonly fromPrice: Phrases;
  /** Included in a digital subscription ("Free with Kindle Unlimited membership"). */
  readonly freeWithSubscription: Phrases;
  /** The word that stands in place of an amount of nothing. */
  readonly free: Phrases;
}

/** Title block: brand and makers. */
export interface BrandWords {
  /** Label before the brand's name. */
  readonly brandLabel: Phrases;
  /** Link to the brand's shop: "Visit the `{brand}` Store". */
  readonly visitStore: Phrases;
  /** "by `{author}`" before the makers of a book. */
  readonly byLine: Phrases;
  readonly roleAuthor: Phrases;
  readonly roleIllustrator: Phrases;
  readonly roleTranslator: Phrases;
  readonly roleNarrator: Phrases;
  readonly roleEditor: Phrases;
  readonly roleArtist: Phrases;
  readonly roleContributor: Phrases;
  readonly roleForeword: Phrases;
  readonly rolePhotographer: Phrases;
  readonly roleActor: Phrases;
  readonly roleDirector: Phrases;
  readonly roleProducer: Phrases;
  readonly roleWriter: Phrases;
  readonly roleComposer: Phrases;
  readonly rolePublisher: Phrases;
}

/** Ratings and reviews. */
export interface ReviewWords {
  /** "`{n}` out of 5 stars". */
  readonly outOfStars: Phrases;
  /** "`{n}` ratings" or reviews: how many rated. */
  readonly ratings: Phrases;
  /** "`{n}` answered questions". */
  readonly answeredQuestions: Phrases;
  /** "Reviewed in `{country}` on `{date}`". */
  readonly reviewedIn: Phrases;
  readonly verifiedPurchase: Phrases;
  /** "`{n}` people found this helpful". */
  readonly helpful: Phrases;
  /** "One person found this helpful". */
  readonly helpfulOne: Phrases;
  /** Histogram row: "`{stars}` star", "`{percent}` percent of reviews have `{stars}` stars". */
  readonly histogramStars: Phrases;
  /** Heading of the summary of what customers say. */
  readonly customersSay: Phrases;
  /** Heading over the reviews. */
  readonly customerReviewsHeading: Phrases;
  /** Heading over reviews from other countries. */
  readonly foreignReviewsHeading: Phrases;
  /** Link that opens a cut text. */
  readonly readMore: Phrases;
  /** "`{n}`+ bought in past month". */
  readonly boughtPastMonth: Phrases;
}

/** Rows of the detail tables. */
export interface DetailWords {
  readonly bestSellersRankLabel: Phrases;
  /** "#`{rank}` in `{category}`". */
  readonly rankIn: Phrases;
  /** Link after a rank: "See Top 100 in `{category}`". */
  readonly seeTop100: Phrases;
  readonly dateFirstAvailableLabel: Phrases;
  readonly publicationDateLabel: Phrases;
  readonly productDimensionsLabel: Phrases;
  readonly packageDimensionsLabel: Phrases;
  /** Weight of the item itself, never of its parcel. */
  readonly itemWeightLabel: Phrases;
  readonly modelNumberLabel: Phrases;
  readonly partNumberLabel: Phrases;
  readonly manufacturerLabel: Phrases;
  readonly publisherLabel: Phrases;
  readonly asinLabel: Phrases;
  readonly upcLabel: Phrases;
  readonly eanLabel: Phrases;
  readonly gtinLabel: Phrases;
  readonly isbn10Label: Phrases;
  readonly isbn13Label: Phrases;
  readonly countryOfOriginLabel: Phrases;
  readonly languageLabel: Phrases;
  readonly pagesLabel: Phrases;
  /** Row that holds the rating, not a fact of the product. */
  readonly customerReviewsLabel: Phrases;
  readonly discontinuedLabel: Phrases;
  readonly departmentLabel: Phrases;
  readonly bindingLabel: Phrases;
  readonly quantityLabel: Phrases;
  readonly materialLabel: Phrases;
}

/** Delivery block, location, deals, buttons. */
export interface OfferWords {
  /** Delivery at no charge, `{date}` optional. */
  readonly freeDelivery: Phrases;
  /** Delivery promise: "Delivery `{date}`". */
  readonly delivery: Phrases;
  /** Faster promise: "Or fastest delivery `{date}`". */
  readonly fastestDelivery: Phrases;
  /** Collection in a shop or locker. */
  readonly pickup: Phrases;
  /** "Deliver to `{place}`". */
  readonly deliverTo: Phrases;
  /** "Order within `{time}`". */
  readonly orderWithin: Phrases;
  /** Coupon that can be clipped. */
  readonly coupon: Phrases;
  readonly limitedTimeDeal: Phrases;
  readonly lightningDeal: Phrases;
  readonly primeExclusive: Phrases;
  /** Deal of a sales event (Prime Day, Black Friday, ...). */
  readonly eventDeal: Phrases;
  readonly dealOfTheDay: Phrases;
  /** Before a deal's timer: "Ends in `{time}`". */
  readonly endsIn: Phrases;
  readonly addToCart: Phrases;
  readonly buyNow: Phrases;
  readonly preorderNow: Phrases;
  /** Label of the quantity selector. */
  readonly quantity: Phrases;
  readonly addToList: Phrases;
  /** "New (`{n}`) from", "New & Used (`{n}`) from". */
  readonly newUsedFrom: Phrases;
  readonly otherSellers: Phrases;
}

/** Headings and badges of the product page. */
export interface PageWords {
  readonly aboutThisItem: Phrases;
  readonly productDetails: Phrases;
  readonly productInformation: Phrases;
  readonly technicalDetails: Phrases;
  readonly productDescription: Phrases;
  readonly fromTheManufacturer: Phrases;
  readonly fromTheBrand: Phrases;
  readonly frequentlyBoughtTogether: Phrases;
  readonly backToResults: Phrases;
  readonly amazonsChoice: Phrases;
  readonly overallPick: Phrases;
  /** Badge, `{category}` optional. */
  readonly bestSeller: Phrases;
  readonly newRelease: Phrases;
  readonly formatPaperback: Phrases;
  readonly formatHardcover: Phrases;
  readonly formatKindle: Phrases;
  readonly formatAudiobook: Phrases;
  readonly formatMassMarket: Phrases;
  readonly formatAudioCd: Phrases;
  readonly formatDvd: Phrases;
  readonly formatBluRay: Phrases;
  readonly formatVinyl: Phrases;
  readonly formatMp3: Phrases;
  readonly formatStreaming: Phrases;
  readonly formatSpiral: Phrases;
  readonly formatBoardBook: Phrases;
  readonly dimensionColor: Phrases;
  readonly dimensionSize: Phrases;
  readonly dimensionStyle: Phrases;
  readonly dimensionPattern: Phrases;
  readonly dimensionMaterial: Phrases;
  readonly dimensionFlavor: Phrases;
  readonly dimensionScent: Phrases;
  readonly dimensionQuantity: Phrases;
  readonly dimensionFormat: Phrases;
  readonly dimensionConfiguration: Phrases;
  /** Gift card as a kind of product. */
  readonly giftCard: Phrases;
}

/** Search result pages. */
export interface SearchWords {
  readonly sponsored: Phrases;
  /** "`{from}`-`{to}` of `{total}` results". */
  readonly resultsCount: Phrases;
  /** "`{from}`-`{to}` of over `{total}` results". */
  readonly overResults: Phrases;
  /** Heading over the list. */
  readonly resultsHeading: Phrases;
  /** "No results for `{query}`". */
  readonly noResults: Phrases;
  /** "Showing results for `{query}`": the query was corrected. */
  readonly showingResultsFor: Phrases;
  /** "Did you mean `{query}`". */
  readonly didYouMean: Phrases;
  readonly relatedSearches: Phrases;
  /** Card without a featured offer. */
  readonly noFeaturedOfferCard: Phrases;
  /** Card: other offers of the same product. */
  readonly moreChoices: Phrases;
  readonly nextPage: Phrases;
  readonly previousPage: Phrases;
  /** Card: "+`{n}` colors/patterns", "Options: `{n}` sizes". */
  readonly moreOptions: Phrases;
}

/** Pages that come instead. */
export interface BlockWords {
  /** Asks for the characters of a picture. */
  readonly captchaPrompt: Phrases;
  /** Button that leads on from the interstitial. */
  readonly continueShopping: Phrases;
  /** Sentence over that button. */
  readonly continueShoppingPrompt: Phrases;
  readonly signInTitle: Phrases;
  /** Title of the not-found page. */
  readonly notFoundTitle: Phrases;
  /** Text of the not-found page. */
  readonly notFoundText: Phrases;
  readonly serviceUnavailableTitle: Phrases;
  readonly serviceUnavailableText: Phrases;
}

/** One language's words. */
export interface ShopWords
  extends
    AvailabilityWords,
    SellerWords,
    PriceWords,
    BrandWords,
    ReviewWords,
    DetailWords,
    OfferWords,
    PageWords,
    SearchWords,
    BlockWords {}

export type WordKey = keyof ShopWords;

/** In which order to look for the availability keys in a text: each phrase belongs to the first key that finds it. */
export const AVAILABILITY_ORDER = [
  'notDeliverable',
  'noFeaturedOffer',
  'availableFromTheseSellers',
  'lowStock',
  'outOfStock',
  'unavailable',
  'preorder',
  'backorder',
  'shipsWithin',
  'onlyLeft',
  'inStock',
] as const satisfies readonly (keyof AvailabilityWords)[];
