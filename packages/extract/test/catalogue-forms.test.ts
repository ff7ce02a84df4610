import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Domain, Language } from '@asa/contract';
import { createPage, type Page } from '../src/page/index.ts';
import { catalogueFields } from '../src/product/catalogue/index.ts';

/** Rows of facts in the forms that the marketplaces give them: signs of a rank, grouping, ladders, months, digits. */

const ASIN = 'B0TESTFORM';

function pageOf(domain: Domain, language: Language, rows: readonly (readonly [string, string])[]): Page {
  const table = rows.map(([label, value]) => `<tr><th>${label}</th><td>${value}</td></tr>`).join('');
  const html = `<html lang="${language.replace('_', '-').toLowerCase()}"><body><div id="prodDetails"><table>${table}</table></div></body></html>`;
  const url = `https://www.amazon.${domain}/dp/${ASIN}`;
  const target = { kind: 'product', domain, language, country: null, url, asin: ASIN } as const;
  return createPage({ body: Buffer.from(html, 'utf8'), contentType: null, url, target });
}

const list = (name: string): string => `<a href="/gp/bestsellers/list/1">${name}</a>`;
/** The older block: ranks and ladders in a list of their own below the first line. */
const ladder = (rank: string, way: string): string =>
  `<ul class="zg_hrsr"><li class="zg_hrsr_item"><span class="zg_hrsr_rank">${rank}</span> <span class="zg_hrsr_ladder">${way}</span></li></ul>`;
const line = (text: string): string => `<span>${text}</span><br>`;

type Rank = readonly [number, string];
const RANKS: readonly (readonly [Domain, Language, string, string, readonly Rank[]])[] = [
  [
    'co.jp',
    'ja_JP',
    'Amazon 売れ筋ランキング',
    `文具 - 1,234位 (${list('文具の売れ筋ランキングを見る')})${ladder('12位', `─&nbsp;${list('文具')} &gt; <b>${list('万年筆')}</b>`)}`,
    [
      [1234, '文具'],
      [12, '文具 > 万年筆'],
    ],
  ],
  [
    'co.jp',
    'ja_JP',
    'Amazon 売れ筋ランキング',
    line(`- 1,234位文具 (${list('文具の売れ筋ランキングを見る')})`) + line(`- 3位${list('万年筆')}`),
    [
      [1234, '文具'],
      [3, '万年筆'],
    ],
  ],
  [
    'co.jp',
    'ja_JP',
    'Amazon ベストセラー商品ランキング',
    `おもちゃ - 20,123位 (${list('おもちゃのベストセラーを見る')})`,
    [[20_123, 'おもちゃ']],
  ],
  [
    'com.tr',
    'tr_TR',
    'En Çok Satanlar Sıralaması',
    line(`#1.234. sırada: Mutfak (${list("Mutfak kategorisindeki İlk 100'ü görün")})`) +
      line(`12. sırada: ${list('Çaydanlıklar')}`),
    [
      [1234, 'Mutfak'],
      [12, 'Çaydanlıklar'],
    ],
  ],
  [
    'fr',
    'fr_FR',
    'Classement des meilleures ventes d’Amazon',
    `12&nbsp;345 en Jardin (${list('Voir les 100 premiers en Jardin')})${ladder('7', `en&nbsp;${list('Jardin')} &gt; ${list('Arrosoirs')}`)}`,
    [
      [12_345, 'Jardin'],
      [7, 'Jardin > Arrosoirs'],
    ],
  ],
  [
    'pl',
    'pl_PL',
    'Ranking najlepiej sprzedających się produktów',
    line(`1 234 w kategorii Ogród (${list('Zobacz Top 100 w kategorii Ogród')})`) +
      line(`12 w kategorii ${list('Konewki')}`),
    [
      [1234, 'Ogród'],
      [12, 'Konewki'],
    ],
  ],
  [
    'se',
    'sv_SE',
    'Rangordning för bästsäljare',
    line(`#1&nbsp;234 i Trädgård (${list('Visa Topp 100 i Trädgård')})`) + line(`#12 i ${list('Kannor')}`),
    [
      [1234, 'Trädgård'],
      [12, 'Kannor'],
    ],
  ],
  [
    'eg',
    'ar_AE',
    'تصنيف الأفضل مبيعاً',
    line(`#١٬٤٣١ في الحديقة (${list('شاهد أفضل 100 في الحديقة')})`) + line(`#٤١ في ${list('أباريق')}`),
    [
      [1431, 'الحديقة'],
      [41, 'أباريق'],
    ],
  ],
  ['in', 'hi_IN', 'बेस्ट सेलर रैंक', line(`#१,२३४ किचन में (${list('किचन में टॉप 100 देखें')})`), [[1234, 'किचन']]],
  [
    'es',
    'es_ES',
    'Clasificación en los más vendidos de Amazon',
    `nº1.234 en Jardín (${list('Ver el Top 100 en Jardín')})${ladder('n.° 12', `en&nbsp;${list('Regaderas')}`)}`,
    [
      [1234, 'Jardín'],
      [12, 'Regaderas'],
    ],
  ],
  [
    'com.au',
    'en_AU',
    'Best Sellers Rank',
    line(`1,234 in Garden (${list('See Top 100 in Garden')})`) + line(`12 in ${list('Watering Cans')}`),
    [
      [1234, 'Garden'],
      [12, 'Watering Cans'],
    ],
  ],
  [
    'com',
    'en_US',
    'Best-sellers rank',
    `#1,234 Paid in Kindle Store (${list('See Top 100 Paid in Kindle Store')})`,
    [[1234, 'Kindle Store']],
  ],
];

for (const [domain, language, label, value, want] of RANKS) {
  test(`places in the lists of ${domain} in ${language}: ${label}`, () => {
    const found = catalogueFields.sales_rank(pageOf(domain, language, [[label, value]]));
    assert.deepEqual(
      found.map(({ rank, category }) => [rank, category]),
      want,
    );
  });
}

const DATES: readonly (readonly [Domain, Language, string, string])[] = [
  ['co.jp', 'ja_JP', 'Amazon.co.jp での取り扱い開始日', '2021/8/5'],
  ['it', 'it_IT', 'Disponibile su Amazon.it a partire dal', '5 agosto 2021'],
  ['fr', 'fr_FR', 'Date de mise en ligne sur Amazon.fr', '5 août 2021'],
  ['pl', 'pl_PL', 'Data pierwszej dostępności', '5 sierpnia 2021'],
  ['se', 'sv_SE', 'Första tillgängliga datum', '5 augusti 2021'],
  ['nl', 'nl_NL', 'Datum eerste beschikbaarheid op Amazon.nl', '5 aug. 2021'],
  ['com.tr', 'tr_TR', 'Satışa Sunulduğu İlk Tarih', '5 Ağustos 2021'],
  ['eg', 'ar_AE', 'تاريخ توفر أول منتج', '2021 أغسطس 5'],
  ['sa', 'ar_AE', 'تاريخ توفر أول منتج', '٥ أغسطس ٢٠٢١'],
  ['com.br', 'pt_BR', 'Disponível para compra desde', '5 agosto 2021'],
  ['com.mx', 'es_MX', 'Producto en Amazon.com.mx desde', '5 agosto 2021'],
  ['ca', 'fr_CA', 'Date de mise en ligne sur Amazon.ca', '5 août 2021'],
  ['com.au', 'en_AU', 'Date First Available', '5 Aug. 2021'],
  ['de', 'en_GB', 'Date First Available', '5 Aug. 2021'],
  ['es', 'pt_PT', 'Producto en Amazon.es desde', '5 agosto 2021'],
];

for (const [domain, language, label, value] of DATES) {
  test(`since when ${domain} has it, in ${language}: ${value}`, () => {
    assert.equal(catalogueFields.date_first_available(pageOf(domain, language, [[label, value]])), '2021-08-05');
  });
}

test('a label is known without its accents, with any apostrophe, and however an Arabic word is stretched', () => {
  const page = pageOf('fr', 'fr_FR', [
    ['Poids de l’article', '1,2 kg'],
    ['Numero du modele de l´article', 'M-1'],
    ['الشـركة المُصَنِّعة', 'Maker'],
  ]);
  const { item_weight, model_number, manufacturer } = catalogueFields;
  assert.deepEqual([item_weight(page), model_number(page), manufacturer(page)], ['1,2 kg', 'M-1', 'Maker']);
});
