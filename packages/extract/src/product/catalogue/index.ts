import type { ProductItem } from '@asa/contract';
import type { PageObject } from '../page-object.ts';
import type { offerFields } from '../offer/index.ts';
import { aplus } from './aplus.ts';
import { authors } from './authors.ts';
import { badges, isAmazonsChoice, isBestSeller, salesVolume } from './badges.ts';
import { brand, brandUrl } from './brand.ts';
import { bulletPoints } from './bullets.ts';
import { category } from './category.ts';
import { description } from './description.ts';
import { productDetails, technicalDetails } from './details.ts';
import { dateFirstAvailable, itemWeight, manufacturer, modelNumber, productDimensions } from './facts.ts';
import { gtins } from './gtins.ts';
import { ratingHistogram } from './histogram.ts';
import { asin, domain, language, parentAsin, url } from './identity.ts';
import { images } from './images.ts';
import { kind } from './kind.ts';
import { productOverview } from './overview.ts';
import { salesRank } from './rank.ts';
import { answeredQuestionsCount, rating, reviewsCount, reviewSummary } from './rating.ts';
import { reviews } from './reviews.ts';
import { title } from './title.ts';
import { frequentlyBoughtTogether } from './together.ts';
import { variationDimensions, variations } from './variations.ts';
import { hasVideos, videos } from './videos.ts';

/** The fields that say what a product is; those of its offers are in the room next door. */
export const catalogueFields: PageObject<Omit<ProductItem, keyof typeof offerFields>> = {
  asin,
  parent_asin: parentAsin,
  title,
  brand,
  brand_url: brandUrl,
  manufacturer,
  rating,
  reviews_count: reviewsCount,
  rating_histogram: ratingHistogram,
  review_summary: reviewSummary,
  reviews,
  answered_questions_count: answeredQuestionsCount,
  images,
  videos,
  has_videos: hasVideos,
  bullet_points: bulletPoints,
  description,
  aplus,
  product_overview: productOverview,
  product_details: productDetails,
  technical_details: technicalDetails,
  product_dimensions: productDimensions,
  item_weight: itemWeight,
  model_number: modelNumber,
  gtins,
  date_first_available: dateFirstAvailable,
  category,
  sales_rank: salesRank,
  sales_volume: salesVolume,
  is_amazons_choice: isAmazonsChoice,
  is_best_seller: isBestSeller,
  badges,
  variations,
  variation_dimensions: variationDimensions,
  authors,
  frequently_bought_together: frequentlyBoughtTogether,
  url,
  domain,
  language,
  kind,
};
