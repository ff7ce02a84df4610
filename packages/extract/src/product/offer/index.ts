import type { ProductItem } from '@asa/contract';
import type { PageObject } from '../page-object.ts';
import { priceStrikethrough, priceStrikethroughLabel, savings } from './beside-price.ts';
import { buybox, featuredMerchant, isPrime } from './buybox.ts';
import { coupon } from './coupon.ts';
import { currency } from './currency.ts';
import { deal } from './deal.ts';
import { delivery, priceShipping } from './delivery.ts';
import { formats } from './formats.ts';
import { deliveredTo } from './location.ts';
import { offers } from './offers.ts';
import {
  availabilityOf,
  noPriceReasonOf,
  pageStateOf,
  price,
  priceBuybox,
  priceMax,
  priceMin,
  priceString,
} from './price.ts';
import { maxQuantity, stockLeft, stockText } from './stock.ts';
import { priceSubscribe } from './subscribe.ts';
import { unitPrice } from './unit-price.ts';

type OfferField =
  | 'price'
  | 'price_buybox'
  | 'price_strikethrough'
  | 'price_strikethrough_label'
  | 'price_string'
  | 'price_min'
  | 'price_max'
  | 'price_shipping'
  | 'price_subscribe'
  | 'unit_price'
  | 'savings'
  | 'currency'
  | 'stock'
  | 'availability'
  | 'stock_left'
  | 'max_quantity'
  | 'page_state'
  | 'no_price_reason'
  | 'buybox'
  | 'featured_merchant'
  | 'is_prime'
  | 'coupon'
  | 'deal'
  | 'delivery'
  | 'delivered_to'
  | 'offers'
  | 'formats';

/** The fields of the offer: what it costs, whether it can be bought, from whom, and how it comes. */
export const offerFields: PageObject<Pick<ProductItem, OfferField>> = {
  price,
  price_buybox: priceBuybox,
  price_strikethrough: priceStrikethrough,
  price_strikethrough_label: priceStrikethroughLabel,
  price_string: priceString,
  price_min: priceMin,
  price_max: priceMax,
  price_shipping: priceShipping,
  price_subscribe: priceSubscribe,
  unit_price: unitPrice,
  savings,
  currency,
  stock: stockText,
  availability: availabilityOf,
  stock_left: stockLeft,
  max_quantity: maxQuantity,
  page_state: pageStateOf,
  no_price_reason: noPriceReasonOf,
  buybox,
  featured_merchant: featuredMerchant,
  is_prime: isPrime,
  coupon,
  deal,
  delivery,
  delivered_to: deliveredTo,
  offers,
  formats,
};
