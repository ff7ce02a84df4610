import { markup, raw, type Html } from '../page/html.ts';
import { say } from '../page/text.ts';
import type { BlockContext } from './context.ts';

/** The two pages with a dog: what was asked for does not exist, or something broke. They differ in title and picture. */
interface Dog {
  readonly title: string;
  readonly says: string;
  readonly picture: string;
}

const CONTACT = raw(
  '<!--\n    To discuss automated access to Amazon data please contact api-services-support@amazon.com.\n-->',
);

function dogPage({ domain }: BlockContext, { title, says, picture }: Dog): string {
  const error = 'https://images-na.ssl-images-amazon.com/images/G/01/error';
  const search: Html = markup`<form id="a" accept-charset="utf-8" action="/s" method="GET" role="search">
    <div id="c"><input id="e" name="field-keywords" /><input id="f" type="submit" value="›" /></div>
  </form>`;
  return markup`<!doctype html>
    <html>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="x-ua-compatible" content="ie=edge" />
        <meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no" />
        <title>${title}</title>
      </head>
      <body>
        ${CONTACT}
        <a href="/"><img id="b" src="${error}/logo._TTD_.png" alt="Amazon.${domain}" /></a>
        ${search}
        <div id="g">
          <div>
            <a href="/"><img src="${error}/${picture}._TTD_.png" alt="${says}" /></a>
          </div>
          <a href="/dogsofamazon" target="_blank" rel="noopener noreferrer"
            ><img id="d" alt="Dogs of Amazon" src="${error}/1._TTD_.jpg"
          /></a>
        </div>
      </body>
    </html> `.text;
}

/** "We could not find that page." */
export const notFoundPage = (context: BlockContext): string =>
  dogPage(context, {
    title: say(context.language, 'notFoundTitle'),
    says: say(context.language, 'notFoundText'),
    picture: 'title',
  });

/** "Something went wrong on our end." */
export const serviceUnavailablePage = (context: BlockContext): string =>
  dogPage(context, {
    title: say(context.language, 'serviceUnavailableTitle'),
    says: say(context.language, 'serviceUnavailableText'),
    picture: '500-title',
  });
