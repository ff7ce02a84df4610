import { LANGUAGES, marketplace, type Domain, type Language } from '@asa/contract';
import { markup, raw, scriptJson, type Html } from '../page/html.ts';
import { say } from '../page/text.ts';
import { ALPHANUMERIC, randomOf } from '../random.ts';
import type { BlockContext } from './context.ts';

/** Pages that ask the visitor to prove something. Signs: the notes on the marketplaces' pages, "Instead of a page". */

const AUTOMATED_ACCESS = raw(
  '<!--\n        To discuss automated access to Amazon data please contact api-services-support@amazon.com.\n-->',
);

function shell(domain: Domain, language: Language, body: Html): Html {
  const { marketplaceId } = marketplace(domain);
  const id = randomOf('challenge', domain).text(ALPHANUMERIC, 20);
  return markup`<!DOCTYPE html>
    <html class="a-no-js" lang="${LANGUAGES[language].tag.toLowerCase()}" dir="${LANGUAGES[language].direction}">
      <head>
        <meta http-equiv="content-type" content="text/html; charset=UTF-8" />
        <meta charset="utf-8" />
        <title dir="ltr">Amazon.${domain}</title>
        <meta name="viewport" content="width=device-width" />
        <script>
          var ue_t0 = +new Date(),
            ue_furl = 'fls-na.amazon.com',
            ue_mid = ${scriptJson(marketplaceId)},
            ue_sn = 'opfcaptcha.amazon.com',
            ue_id = ${scriptJson(id)};
        </script>
      </head>
      <body>
        ${AUTOMATED_ACCESS}
        <div class="a-container a-padding-double-large" style="min-width:350px;padding:44px 0 !important">
          <div class="a-row a-spacing-medium a-text-center"><i class="a-icon a-logo"></i></div>
          ${body}
        </div>
      </body>
    </html> `;
}

/** A page that asks for the characters of a picture. */
export function captchaPage({ domain, language, path }: BlockContext): string {
  const prompt = say(language, 'captchaPrompt');
  return shell(
    domain,
    language,
    markup`<div class="a-box a-alert a-alert-info a-spacing-base">
        <div class="a-box-inner">
          <i class="a-icon a-icon-alert"></i>
          <h4>${prompt}</h4>
        </div>
      </div>
      <div class="a-section">
        <div class="a-box a-color-offset-background">
          <div class="a-box-inner a-padding-extra-large">
            <form method="get" action="/errors/validateCaptcha" name="">
              <input type="hidden" name="amzn" value="c3ludGhldGljLW9yaWdpbg==" /><input
                type="hidden"
                name="amzn-r"
                value="${path}"
              />
              <div class="a-row a-spacing-large">
                <div class="a-box">
                  <div class="a-box-inner">
                    <div class="a-row a-text-center">
                      <img src="https://images-na.ssl-images-amazon.com/captcha/origin/Captcha_synthetic.jpg" />
                    </div>
                    <input
                      autocomplete="off"
                      spellcheck="false"
                      id="captchacharacters"
                      name="field-keywords"
                      class="a-span12"
                      autocapitalize="off"
                      autocorrect="off"
                      type="text"
                    />
                  </div>
                </div>
              </div>
              <div class="a-section a-spacing-extra-large">
                <span class="a-button a-button-primary a-span12"
                  ><span class="a-button-inner"
                    ><button type="submit" class="a-button-text">${say(language, 'continueShopping')}</button></span
                  ></span
                >
              </div>
            </form>
          </div>
        </div>
      </div>`,
  ).text;
}

/** A page with one button that leads on. */
export function continueShoppingPage({ domain, language, path }: BlockContext): string {
  return shell(
    domain,
    language,
    markup`<div class="a-box a-alert a-alert-info a-spacing-base">
        <div class="a-box-inner">
          <i class="a-icon a-icon-alert" alt="Alert icon"></i>
          <h4>${say(language, 'continueShoppingPrompt')}</h4>
        </div>
      </div>
      <div class="a-section">
        <div class="a-box a-color-offset-background">
          <div class="a-box-inner a-padding-extra-large">
            <form method="get" action="/errors/validateCaptcha" name="">
              <input type="hidden" name="amzn" value="c3ludGhldGljLW9yaWdpbg==" /><input
                type="hidden"
                name="amzn-r"
                value="${path}"
              /><input type="hidden" name="field-keywords" value="ORIGIN" />
              <div class="a-section a-spacing-extra-large">
                <span class="a-button a-button-primary a-span12"
                  ><span class="a-button-inner"
                    ><button type="submit" class="a-button-text">${say(language, 'continueShopping')}</button></span
                  ></span
                >
              </div>
            </form>
          </div>
        </div>
      </div>`,
  ).text;
}

/** The script challenge of a web application firewall (status 202). It shows no words of a shop. */
export function wafPage(): string {
  return markup`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title></title>
        <script type="text/javascript">
          window.awsWafCookieDomainList = [];
          window.gokuProps = { key: 'c3ludGhldGlj', iv: 'b3JpZ2lu', context: 'YSBzeW50aGV0aWMgY2hhbGxlbmdl' };
        </script>
        <script src="https://origin.invalid/challenge/challenge.js"></script>
      </head>
      <body>
        <div id="challenge-container"></div>
        <script type="text/javascript">
          AwsWafIntegration.saveReferrer();
          AwsWafIntegration.checkForceRefresh().then((force) =>
            (force ? AwsWafIntegration.forceRefreshToken() : AwsWafIntegration.getToken()).then(() =>
              window.location.reload(true),
            ),
          );
        </script>
        <noscript
          ><h1>JavaScript is disabled</h1>
          In order to continue, we need to verify that you're not a robot. This requires JavaScript.</noscript
        >
      </body>
    </html> `.text;
}

/** The interstitial of a content network: it posts a proof of work and reloads. */
export function akamaiPage({ path }: BlockContext): string {
  const target = `${path}${path.includes('?') ? '&' : '?'}bm-verify=c3ludGhldGljLW9yaWdpbg`;
  return markup`<!DOCTYPE html>
    <html>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="5; URL='${target}'" />
        <title>&nbsp;</title>
        <script>
          var i = 1;
          var j = i + Number('2' + '3');
        </script>
      </head>
      <body>
        <iframe style="border: none; width: 100vw; height: 100vh;" src="about:blank"> </iframe>
        <script>
          function triggerInterstitialChallenge() {
            var xhr = new XMLHttpRequest();
            xhr.open('POST', '/_sec/verify?provider=interstitial', false);
            xhr.setRequestHeader('Content-Type', 'application/json');
            xhr.send(JSON.stringify({ 'bm-verify': 'c3ludGhldGljLW9yaWdpbg', pow: j }));
          }
          triggerInterstitialChallenge();
        </script>
      </body>
    </html> `.text;
}
