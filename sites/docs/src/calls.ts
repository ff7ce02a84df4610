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
  ] as const;
  return [
    '::: code-group',
    ...tabs.flatMap(([language, label, text]) => ['', `\`\`\`${language} [${label}]`, text, '```']),
    '',
    ':::',
  ].join('\n');
}

const urlOf = ({ kind, params }: Call): string => {
  const query = new URLSearchParams(params.map(([name, value]) => [name, value])).toString();
  return `${SAMPLE_URL}${PATHS[kind]}${query === '' ? '' : `?${query}`}`;
};

const curl = (call: Call): string => `curl -s -H "Authorization: Bearer $ASA_API_KEY" \\\n  "${urlOf(call)}"`;

const SHOWN: Readonly<Record<Kind, { node: string; python: string }>> = {
  product: {
    node: 'console.log(answer.title, answer.price, answer.currency);',
    python: 'print(answer["title"], answer["price"], answer["currency"])',
  },
  search: {
    node: 'for (const card of answer.products) console.log(card.asin, card.price, card.title);',
    python: 'for card in answer["products"]:\n    print(card["asin"], card["price"], card["title"])',
  },
  account: {
    node: 'console.log(answer.plan, answer.credits.total);',
    python: 'print(answer["plan"], answer["credits"]["total"])',
  },
};

const node = (call: Call): string => `const response = await fetch('${urlOf(call)}', {
  headers: { authorization: \`Bearer \${process.env.ASA_API_KEY}\` },
});
const answer = await response.json();
if (!response.ok) throw new Error(\`\${answer.error}: \${answer.message}\`);
${SHOWN[call.kind].node}`;

const python = (call: Call): string => `import json, os, urllib.request

request = urllib.request.Request(
    "${urlOf(call)}",
    headers={"Authorization": f"Bearer {os.environ['ASA_API_KEY']}"},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
${SHOWN[call.kind].python}`;

const go = (call: Call): string => `package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	url := "${urlOf(call)}"
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("ASA_API_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		log.Fatal(err)
	}
}`;
