import { LANGUAGES, marketplace } from '@asa/contract';
import { markup } from '../page/html.ts';
import { say } from '../page/text.ts';
import type { BlockContext } from './context.ts';

/** The sign-in page that comes when a visitor without an account asks too much. */
export function signInPage({ domain, language, path }: BlockContext): string {
  const { host } = marketplace(domain);
  const title = say(language, 'signInTitle');
  return markup`<!doctype html>
    <html lang="${LANGUAGES[language].tag}" dir="${LANGUAGES[language].direction}" class="a-no-js">
      <head>
        <meta charset="utf-8" />
        <title dir="ltr">${title}</title>
      </head>
      <body class="ap-locale-${language} a-auix_ux_57388-c a-aui_72554-c">
        <div id="a-page">
          <div class="a-section a-padding-medium auth-workflow">
            <div class="a-section">
              <div id="authportal-center-section" class="a-section">
                <div id="authportal-main-section" class="a-section">
                  <form
                    name="signIn"
                    method="post"
                    novalidate
                    action="https://${host}/ap/signin"
                    class="auth-validate-form auth-real-time-validation a-spacing-none"
                  >
                    <input type="hidden" name="appActionToken" value="c3ludGhldGljLW9yaWdpbg==" /><input
                      type="hidden"
                      name="appAction"
                      value="SIGNIN_PWD_COLLECT"
                    />
                    <input type="hidden" name="openid.return_to" value="https://${host}${path}" />
                    <div class="a-box">
                      <div class="a-box-inner a-padding-extra-large">
                        <h1 class="a-spacing-small">${title}</h1>
                        <input
                          type="email"
                          maxlength="128"
                          id="ap_email"
                          name="email"
                          class="a-input-text a-span12 auth-autofocus auth-required-field"
                        />
                        <input id="continue" class="a-button-input" type="submit" aria-labelledby="continue-announce" />
                      </div>
                    </div>
                  </form>
                </div>
              </div>
            </div>
          </div>
        </div>
      </body>
    </html> `.text;
}
