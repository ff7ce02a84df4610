import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callGroup, readCall } from './calls.ts';
import { FACTS } from './facts/index.ts';
import { PAGES } from './site.ts';

const ROOT = join(import.meta.dirname, '..');

/** A page with its facts filled in. */
export interface Page {
  /** Path below `pages/`, without `.md`. */
  readonly name: string;
  readonly title: string;
  /** One sentence about it, from the front matter. */
  readonly description: string;
  /** The Markdown that the generator reads: front matter, code groups and all. */
  readonly source: string;
}

const README = /^<!-- readme: ([\w./-]+) -->$/gm;
const CALL = /^<!-- call: (.+) -->$/gm;
const FACT = /^<!-- facts:([\w-]+) -->$/gm;

/** Every page, in the order of the menu. Throws when a page asks for facts that do not exist. */
export function readPages(): Page[] {
  return PAGES.map((name) => {
    const file = name === 'changelog' ? join(ROOT, '..', '..', 'CHANGELOG.md') : join(ROOT, 'pages', `${name}.md`);
    return makePage(name, readFileSync(file, 'utf8'));
  });
}

/** One page from its text. */
export function makePage(name: string, text: string): Page {
  const whole = text.replaceAll(README, (_mark, file: string) => readme(file));
  const withCalls = whole.replaceAll(CALL, (_mark, call: string) => callGroup(readCall(call)));
  const source = withCalls.replaceAll(FACT, (_mark, fact: string) => {
    const make = FACTS[fact];
    if (make === undefined) throw new Error(`${name}: there are no facts ${fact}`);
    return make().trim();
  });
  const title = /^# (.+)$/m.exec(withoutFrontMatter(source))?.[1] ?? /^\s+name: (.+)$/m.exec(source)?.[1];
  if (title === undefined) throw new Error(`${name}: has no title`);
  const description =
    /^description: (.+)$/m.exec(source)?.[1] ?? (name === 'changelog' ? 'What changed, newest first.' : '');
  return { name, title: title.replaceAll('`', ''), description, source };
}

/** The README of a client as the body of its page: its title is the page's own, and its links lead to pages. */
function readme(file: string): string {
  const text = readFileSync(join(ROOT, '..', '..', file), 'utf8');
  return text
    .replace(/^# .+\n/, '')
    .replaceAll(/^<!--.*-->\n/gm, '')
    .replaceAll(
      /\]\((?:\.\.\/README\.md|(?:\.\.\/)?sdk-(\w+)(?:\/README\.md)?|(?:\.\.\/)?(cli|mcp)(?:\/README\.md)?)\)/g,
      (_link, sdk?: string, tool?: string) => `](/clients/${sdk ?? tool ?? ''})`,
    );
}

const withoutFrontMatter = (text: string): string => text.replace(/^---\n[\s\S]*?\n---\n/, '');
