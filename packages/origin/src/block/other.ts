import { LANGUAGES, marketplace } from '@asa/contract';
import { markup } from '../page/html.ts';
import { say } from '../page/text.ts';
import type { BlockContext } from './context.ts';

/** A complete page of the shop that is no block page, no list and no product: a help article. */
export function helpPage({ domain, language }: BlockContext): string {
  const { host, marketplaceId } = marketplace(domain);
  return markup`<!doctype html>
    <html lang="${LANGUAGES[language].tag.toLowerCase()}" dir="${LANGUAGES[language].direction}" class="a-no-js">
      <head>
        <meta charset="utf-8" />
        <title>Amazon.${domain}: ORIGIN-1</title>
        <link rel="canonical" href="https://${host}/gp/help/customer/display.html?nodeId=ORIGIN1" />
      </head>
      <body>
        <script>
          var ue_mid = '${marketplaceId}',
            ue_sn = '${host}',
            ue_pty = 'Help';
        </script>
        <div id="a-page">
          <header id="navbar-main">
            <div id="navbar" role="navigation">
              <a href="/ref=nav_logo" id="nav-logo-sprites" class="nav-logo-link" aria-label="Amazon.${domain}"></a>
            </div>
          </header>
          <div class="cs-help-v4">
            <div class="help-content">
              <h1>ORIGIN-1</h1>
              <p>${say(language, 'returnsLabel')}</p>
              <p>${say(language, 'returnable', { date: '30' })}</p>
            </div>
          </div>
          <div id="navFooter"><a href="/gp/help/customer/display.html?nodeId=508088">ORIGIN-2</a></div>
        </div>
      </body>
    </html> `.text;
}

/** The answer of a machine in front of the shop: no words of the shop, no challenge. */
export const refusalPage = (status: number, reason: string): string =>
  markup`<html>
    <head>
      <title>${status} ${reason}</title>
    </head>
    <body>
      <center><h1>${status} ${reason}</h1></center>
      <hr />
      <center>Server</center>
    </body>
  </html> `.text;
