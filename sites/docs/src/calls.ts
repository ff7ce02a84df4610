import { goName } from '../../../tools/clients/names.ts';
import { SAMPLE_URL } from './site.ts';

/**
 * One request in every language: a page writes `<!-- call: product query=B0ASA00001 -->`, the reader gets a group of tabs. What the
 * languages have in common is said once here, so that a sample cannot be right in one tab and wrong in the next.
 */

const PATHS = {
  product: '/api/v1/amazon/product',
  search: '/api/v1/amazon/search',
  account: '/api/v1/account',
} as const;
type Kind = keyof typeof PATHS;

interface Call {
  readonly kind: Kind;
  readonly params: readonly (readonly [string, string])[];
}

/** Reads what stands in the mark: the kind, then `name=value` pairs; `+` in a value is a space. */
export function readCall(text: string): Call {
  const [kind = '', ...pairs] = text.trim().split(/\s+/);
  if (!(kind in PATHS)) throw new Error(`there is no call ${kind}`);
  const params = pairs.map((pair): [string, string] => {
    const [name = '', value = ''] = pair.split('=');
    return [name, value.replaceAll('+', ' ')];
  });
  return { kind: kind as Kind, params };
}

/** The group of tabs. */
export function callGroup(call: Call): string {
  const tabs = [
    ['bash', 'curl', curl(call)],
    ['js', 'Node', node(call)],
    ['python', 'Python', python(call)],
    ['go', 'Go', go(call)],
    ['bash', 'CLI', cli(call)],
  ] as const;
  const blocks = tabs.flatMap(([language, label, text]) => ['', `\`\`\`${language} [${label}]`, text, '```']);
  return ['::: code-group', ...blocks, '', ':::'].join('\n');
}

const queryOf = ({ params }: Call): string =>
  new URLSearchParams(params.map(([name, value]) => [name, value])).toString();
const urlOf = (call: Call): string =>
  `${SAMPLE_URL}${PATHS[call.kind]}${call.params.length === 0 ? '' : `?${queryOf(call)}`}`;
const isNumber = (text: string): boolean => /^\d+$/.test(text);

const curl = (call: Call): string => `curl -s -H "Authorization: Bearer $ASA_API_KEY" \\\n  "${urlOf(call)}"`;

/** Names of options that differ from the parameters' own. */
const OPTIONS: Readonly<Record<string, string>> = { sort_by: 'sort' };

function cli({ kind, params }: Call): string {
  const words = params.map(([name, value]) => {
    if (name === 'query') return value.includes(' ') ? `"${value}"` : value;
    return `--${OPTIONS[name] ?? name} ${value}`;
  });
  return ['asa', kind, ...words].join(' ');
}

function node({ kind, params }: Call): string {
  const fields = params.map(([name, value]) => `${name}: ${isNumber(value) ? value : `'${value}'`}`).join(', ');
  const show = {
    product: 'console.log(product.title, product.price, product.currency);',
    search: 'for (const card of search.products) console.log(card.asin, card.price, card.title);',
    account: 'console.log(account.plan, account.credits.total);',
  };
  return `import { AmazonScraperAPI } from 'asa-client';

const asa = new AmazonScraperAPI(process.env.ASA_API_KEY, { baseUrl: '${SAMPLE_URL}' });
const ${kind} = await asa.${kind}(${fields === '' ? '' : `{ ${fields} }`});
${show[kind]}`;
}

function python({ kind, params }: Call): string {
  const fields = params
    .map(([name, value]) => `${name === 'query' ? '' : `${name}=`}${isNumber(value) ? value : `"${value}"`}`)
    .join(', ');
  const show = {
    product: '    print(product["title"], product["price"], product["currency"])',
    search: '    for card in search["products"]:\n        print(card["asin"], card["price"], card["title"])',
    account: '    print(account["plan"], account["credits"]["total"])',
  };
  return `import os
from asa import AmazonScraperAPI

with AmazonScraperAPI(os.environ["ASA_API_KEY"], base_url="${SAMPLE_URL}") as asa:
    ${kind} = asa.${kind}(${fields})
${show[kind]}`;
}

function go({ kind, params }: Call): string {
  const fields = params.map(([name, value]) => `${goName(name)}: ${isNumber(value) ? value : `"${value}"`}`).join(', ');
  const type = { product: 'asa.ProductParams', search: 'asa.SearchParams', account: '' }[kind];
  const show = {
    product: '\tfmt.Println(product.Title, *product.Price, *product.Currency)',
    search: '\tfor _, card := range search.Products {\n\t\tfmt.Println(card.ASIN, card.Title)\n\t}',
    account: '\tfmt.Println(account.Plan, account.Credits.Total)',
  };
  return `package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"asa.example/asa"
)

func main() {
	client, err := asa.New(os.Getenv("ASA_API_KEY"), asa.WithBaseURL("${SAMPLE_URL}"))
	if err != nil {
		log.Fatal(err)
	}
	${kind}, err := client.${goName(kind)}(context.Background()${type === '' ? '' : `, ${type}{${fields}}`})
	if err != nil {
		log.Fatal(err)
	}
${show[kind]}
}`;
}
