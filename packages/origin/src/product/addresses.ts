import { marketplace, type Domain } from '@asa/contract';

/** Addresses as the pages of a marketplace show them. */
export const absolute = (domain: Domain, path: string): string => `https://${marketplace(domain).host}${path}`;

/** The words of a title that can stand in a path; empty for scripts without Latin letters. */
export const slugOf = (title: string): string =>
  (title.normalize('NFKD').match(/[A-Za-z0-9]+/g) ?? []).slice(0, 6).join('-');

/** Path of a product page, with a slug where the title gives one. */
export function productPath(title: string, asin: string): string {
  const slug = slugOf(title);
  return slug === '' ? `/dp/${asin}` : `/${slug}/dp/${asin}`;
}

export const imageUrl = (id: string, size: string): string => `https://m.media-amazon.com/images/I/${id}._${size}_.jpg`;
