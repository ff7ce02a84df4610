import type { IncomingMessage, ServerResponse } from 'node:http';

/** A small marketplace for tests: the ASIN or the search words choose what is served. Our own pages, in the structure of the real ones. */
export function playMarketplace(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const asin = /\/dp\/([A-Z0-9]{10})/.exec(url.pathname)?.[1];
  const name = asin ?? url.searchParams.get('k') ?? '';
  const html = (status: number, body: string): void => {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
    response.end(body);
  };
  switch (name) {
    case 'GONE000404':
      return html(
        404,
        '<!doctype html><html lang="en-us"><head><title>Page Not Found</title></head><body><a href="/dogsofamazon"><img src="/images/G/01/error/1.jpg" alt="Dogs of Amazon"></a></body></html>',
      );
    case 'HANGSFORVR':
      return;
    case 'CAPTCHA000':
      return html(200, CAPTCHA);
    case 'RESETS0000':
      request.socket.destroy();
      return;
    case 'UNREADABLE':
      return html(
        200,
        '<!doctype html><html lang="en-us"><head><title>Amazon.com: About</title></head><body><div id="nav-main"></div><p>A page of some other kind.</p></body></html>',
      );
    case 'OTHERASIN1':
      return html(200, productPage('B00OTHER00'));
    case 'SHELF00000':
      return html(200, searchPage('shelf', 3));
    default:
      return html(200, asin === undefined ? searchPage(name, 4) : productPage(asin));
  }
}

const CAPTCHA = `<!doctype html><html lang="en-us"><head><title dir="ltr">Amazon.com</title></head><body><h4>Enter the characters you see below</h4>
<p>Sorry, we just need to make sure you're not a robot.</p><form method="get" action="/errors/validateCaptcha"><img src="/captcha/x.jpg"><input id="captchacharacters" name="field-keywords" type="text">
<button type="submit">Continue shopping</button></form></body></html>`;

export const productPage = (
  asin: string,
): string => `<!doctype html><html lang="en-us"><head><title>Amazon.com: Chair</title>
<link rel="canonical" href="https://www.amazon.com/Chair/dp/${asin}"></head><body><div id="dp"><div id="centerCol"><h1><span id="productTitle">Chair of oak</span></h1>
<a id="bylineInfo" href="/stores/Oak">Visit the Oak Store</a>
<div id="corePriceDisplay_desktop_feature_div"><span class="a-price aok-align-center priceToPay"><span class="a-offscreen">$1,149.50</span><span aria-hidden="true"><span class="a-price-symbol">$</span><span class="a-price-whole">1,149<span class="a-price-decimal">.</span></span><span class="a-price-fraction">50</span></span></span></div></div>
<div id="rightCol"><div id="desktop_buybox"><div id="buybox"><div id="corePrice_feature_div"><span class="a-price"><span class="a-offscreen">$1,149.50</span></span></div>
<div id="availability"><span class="a-size-medium a-color-success">In Stock</span></div><form id="addToCart"><input type="hidden" id="ASIN" name="ASIN" value="${asin}"><input id="add-to-cart-button" type="button" value="Add to Cart"></form></div></div></div></div></body></html>`;

export const searchPage = (
  words: string,
  cards: number,
): string => `<!doctype html><html lang="en-us"><head><title>Amazon.com : ${encodeURIComponent(words)}</title></head><body><div id="search">
<span data-component-type="s-result-info-bar"><div class="sg-col-inner"><div class="a-section a-spacing-small a-spacing-top-small"><span>1-${cards} of 48 results for</span> <span class="a-color-state a-text-bold">"words"</span></div></div></span>
<div class="s-main-slot s-result-list s-search-results sg-row">
${Array.from({ length: cards }, (_, i) => `<div data-asin="B00000000${i + 1}" data-index="${i}" data-component-type="s-search-result" class="sg-col-4-of-24 s-result-item s-asin"><div class="sg-col-inner"><div class="s-card-container"><img class="s-image" src="https://m.media-amazon.com/images/I/x${i}.jpg" alt="x"><h2 aria-label="Thing ${i + 1}" class="a-size-base-plus"><a class="a-link-normal" href="/Thing/dp/B00000000${i + 1}/ref=sr_1_${i + 1}"><span>Thing ${i + 1}</span></a></h2><a href="/Thing/dp/B00000000${i + 1}/"><span class="a-price" data-a-size="xl"><span class="a-offscreen">$${i + 1}0.00</span><span aria-hidden="true">$${i + 1}0.00</span></span></a></div></div></div>`).join('\n')}
</div></div></body></html>`;
