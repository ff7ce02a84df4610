import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shopWords } from '@asa/contract';
import { load } from 'cheerio/slim';
import { akamaiPage, captchaPage, continueShoppingPage, wafPage } from '../src/block/challenge.ts';
import { notFoundPage, serviceUnavailablePage } from '../src/block/dog.ts';
import { helpPage } from '../src/block/other.ts';
import { signInPage } from '../src/block/sign-in.ts';
import { homePage, shelfPage } from '../src/shelf.ts';
import { SHOPS, has, lacks } from './support.ts';

test('block pages carry the signs of their kind, in every language, and no product', () => {
  for (const [domain, language] of SHOPS) {
    const context = { domain, language, path: '/dp/B000000000?a="&b=<i>' };
    const words = shopWords(language);
    const pages = {
      captcha: captchaPage(context),
      go_on: continueShoppingPage(context),
      waf: wafPage(),
      akamai: akamaiPage(context),
      gone: notFoundPage(context),
      broken: serviceUnavailablePage(context),
      sign_in: signInPage(context),
      help: helpPage(context),
      shelf: shelfPage(domain, language, 'SANDBOXGAL'),
      home: homePage(domain, language),
    };
    const read = Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, load(page)]));
    const $ = (name: keyof typeof pages) => read[name] ?? assert.fail(name);
    for (const [name, page] of Object.entries(pages)) {
      has(page, /<\/html>\s*$/, name);
      const dom = $(name as keyof typeof pages);
      assert.equal(dom('#productTitle, #ASIN, #buybox, .s-main-slot').length, 0, name);
      lacks(page, /undefined|\[object|\u0001/, `${name} in ${language}`);
    }
    assert.equal($('captcha')('form[action="/errors/validateCaptcha"] #captchacharacters').length, 1);
    assert.equal($('captcha')('h4').text(), words.captchaPrompt[0]);
    assert.equal($('go_on')('form[action="/errors/validateCaptcha"] button').text(), words.continueShopping[0]);
    assert.equal($('go_on')('#captchacharacters').length, 0);
    assert.equal($('go_on')('input[name=amzn-r]').attr('value'), context.path, 'the address comes back as text');
    has(pages.waf, /awsWafCookieDomainList[\s\S]*challenge\.js/);
    has(pages.akamai, /bm-verify[\s\S]*\/_sec\/verify/);
    has(pages.gone, /\/dogsofamazon/);
    assert.equal($('gone')('title').text(), words.notFoundTitle[0]);
    assert.equal($('broken')('title').text(), words.serviceUnavailableTitle[0]);
    has(pages.broken, /images\/G\/01\/error.*500-title/);
    assert.match($('sign_in')('form[name=signIn]').attr('action') ?? '', /\/ap\/signin$/);
    assert.ok($('shelf')('[data-asin]').length >= 12, 'a shelf holds many products');
    assert.equal($('shelf')('[data-asin=SANDBOXGAL]').length, 0);
  }
});
