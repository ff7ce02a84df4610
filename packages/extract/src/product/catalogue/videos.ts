import type { ProductItem } from '@asa/contract';
import type { Page } from '../../page/index.ts';
import { once, type Field } from '../field.ts';
import { galleryStart } from './images.ts';
import { literalAfter } from './script.ts';
import { isRecord, textOrNull } from './json.ts';

type Video = ProductItem['videos'][number];

/** The name of the list; the gallery's comes first after its pictures, other widgets repeat the name further down. */
const NAME = '"videos"';
const LIST = /\s*:\s*(?=\[)/y;

const webUrl = (value: unknown): string | null => {
  const url = textOrNull(value);
  return url !== null && /^https?:\/\//.test(url) ? url : null;
};

/** "02:25" in seconds. */
function secondsOf(timestamp: unknown): number | null {
  const parts = textOrNull(timestamp)?.split(':').map(Number) ?? [];
  if (parts.length < 2 || parts.some((part) => !Number.isInteger(part) || part < 0)) return null;
  return parts.reduce((total, part) => total * 60 + part, 0);
}

function video(data: unknown): Video[] {
  if (!isRecord(data)) return [];
  const url = webUrl(data['url']);
  const thumbnail = webUrl(data['thumb']) ?? webUrl(data['slateUrl']);
  if (url === null && thumbnail === null) return [];
  const seconds = Number(data['durationSeconds']);
  const duration = Number.isInteger(seconds) && seconds > 0 ? seconds : secondsOf(data['durationTimestamp']);
  return [{ title: textOrNull(data['title']), url, thumbnail, duration_seconds: duration }];
}

function read(page: Page): Video[] {
  const from = galleryStart(page);
  const data = from === -1 ? null : literalAfter(page, NAME, LIST, from);
  return Array.isArray(data) ? data.flatMap(video) : [];
}

/** `videos`: those of the gallery. */
export const videos: Field<Video[]> = once(read);

/** `has_videos`. */
export const hasVideos: Field<boolean> = (page) => videos(page).length > 0;
