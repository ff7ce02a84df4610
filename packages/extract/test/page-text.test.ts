import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  childrenOf,
  closest,
  decodeHtml,
  hasClass,
  isHidden,
  isWithinHidden,
  nextElement,
  rawTextOf,
  textOf,
} from '../src/page/index.ts';
import { createPage } from '../src/page/index.ts';
import { pageOf, TARGET } from './page-tools.ts';

suite('encodings', () => {
  const text = '<p id=x>Größe ’€’</p>';
  const windows = Buffer.concat([
    Buffer.from('<p id=x>Gr'),
    Buffer.from([0xf6, 0xdf]),
    Buffer.from('e '),
    Buffer.from([0x92, 0x80, 0x92]),
    Buffer.from('</p>'),
  ]);
  const read = (body: Uint8Array, contentType: string | null): string => textOf(pageOf(body, contentType).byId('x'));

  test('the header, a byte order mark, a meta tag, UTF-8 otherwise', () => {
    assert.equal(read(Buffer.from(text), 'text/html; charset="utf-8"'), 'Größe ’€’');
    assert.equal(read(windows, 'text/html;charset=ISO-8859-1'), 'Größe ’€’');
    assert.equal(read(Buffer.concat([Buffer.from('<meta charset="windows-1252">'), windows]), null), 'Größe ’€’');
    assert.equal(
      read(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), 'text/html;charset=iso-8859-1'),
      'Größe ’€’',
    );
    assert.equal(read(Buffer.from(text), null), 'Größe ’€’');
    assert.equal(read(Buffer.from(text), 'text/html; charset=no-such-thing'), 'Größe ’€’');
  });

  test('encodings whose tags are not single ASCII bytes', () => {
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    assert.equal(read(wide, null), 'Größe ’€’');
    // ISO-2022-JP hides "<" inside its two-byte characters.
    const jis = Buffer.concat([
      Buffer.from('<p id=x>'),
      Buffer.from([0x1b, 0x24, 0x42, 0x25, 0x3c, 0x1b, 0x28, 0x42]),
      Buffer.from('</p>'),
    ]);
    assert.equal(read(jis, 'text/html; charset=iso-2022-jp'), 'ゼ');
    const sjis = Buffer.concat([Buffer.from('<p id=x>'), Buffer.from([0x83, 0x5c]), Buffer.from('</p>')]);
    assert.equal(read(sjis, 'text/html; charset=shift_jis'), 'ソ');
  });

  test('the whole text of a page', () => {
    assert.equal(decodeHtml(windows, 'text/html;charset=latin1'), text);
    assert.equal(decodeHtml(Buffer.from('\ufeffa\ud800'), null), 'a\ufffd');
  });
});

suite('language', () => {
  const language = (head: string, domain: 'com' | 'co.jp' | 'eg' = 'com') =>
    createPage({
      body: Buffer.from(head),
      contentType: null,
      url: '',
      target: { ...TARGET, domain, language: 'en_US' },
    });

  test('as the page declares it', () => {
    assert.equal(language('<html lang="de-de">').language, 'de_DE');
    assert.equal(language("<!doctype html><html class='a b' lang=en-GB data-x>").language, 'en_GB');
    assert.equal(language('<html><meta property="og:locale" content="fr_FR">').language, 'fr_FR');
    assert.equal(language('<html lang="ja">', 'co.jp').language, 'ja_JP');
    assert.equal(language('<html lang="ar">', 'eg').language, 'ar_AE');
  });

  test('none, or one that no marketplace has: the one asked for is read', () => {
    assert.equal(language('<html>').language, null);
    assert.equal(language('<html lang="tlh">').language, null);
    assert.equal(language('<html>').locale, 'en_US');
    assert.equal(language('<html lang="es-us">').locale, 'es_US');
  });
});

suite('text and elements', () => {
  const root = pageOf(
    `<div id=r class="a hid"><p>One&nbsp; <b>two</b>\u200e\u202a three\u00ad</p><script>no</script><noscript>no</noscript>` +
      `<ul><li>x</li><li class="aok-hidden">y</li></ul>4<br>5<i style="color:red; display : none">z</i><u hidden>w</u></div>`,
  ).byId('r');
  const by = (name: string) => pageOf('').select(root, name)[0] ?? null;

  test('what a reader sees, folded; blocks stand apart', () => {
    assert.equal(textOf(root), 'One two three x y 4 5zw');
    assert.equal(textOf(null), '');
    assert.equal(rawTextOf(by('script')!), 'no');
  });

  test('hidden elements', () => {
    assert.ok(isHidden(by('.aok-hidden')!) && isHidden(by('i')!) && isHidden(by('u')!));
    assert.ok(!isHidden(root!) && !isHidden(by('b')!));
    const aria = pageOf('<b id=r aria-hidden=true><i id=s></i></b>');
    assert.ok(!isHidden(aria.byId('r')!) && isHidden(aria.byId('r')!, { aria: true }));
    const nested = pageOf('<b id=r class="x a-hidden"><i id=s></i></b>');
    assert.ok(isWithinHidden(pageOf('').select(nested.byId('r'), 'i')[0]!));
  });

  test('classes are whole tokens; neighbours, children, ancestors', () => {
    assert.ok(hasClass(root!, 'hid') && !hasClass(root!, 'hi'));
    assert.deepEqual(childrenOf(root, 'p').length, 1);
    assert.equal(nextElement(by('p')!)?.name, 'script');
    assert.equal(closest(by('b')!, (up) => up.name === 'p')?.name, 'p');
    assert.equal(
      closest(by('b')!, (up) => up.name === 'div', by('p')),
      null,
    );
  });
});
