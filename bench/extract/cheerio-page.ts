import { load, type CheerioAPI } from 'cheerio';
import { Page } from '../../packages/extract/src/page/page.ts';
import type { PageInput } from '../../packages/extract/src/read.ts';

type Element = NonNullable<ReturnType<Page['byId']>>;
type Root = Parameters<Page['select']>[0];

/** An id or a value within a selector. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, String.raw`\$&`)}"`;

/**
 * The page as most scrapers hold it: parsed by cheerio, every element looked for with `$`. The fields are the same
 * functions, so what is compared is how a page is held, not which fields are read. Data in scripts is looked for in the
 * text, as scrapers do.
 */
export class CheerioPage extends Page {
  private $: CheerioAPI | null = null;

  /** Parses the page: `xml` with htmlparser2, else with cheerio's default. Timed, unlike the constructor. */
  parse({ body }: PageInput, xml: boolean): this {
    const html = Buffer.from(body).toString('utf8');
    this.$ = xml ? load(html, { xml: { xmlMode: false, decodeEntities: true } }) : load(html);
    return this;
  }

  private find(selector: string, root: Root = null): Element[] {
    const { $ } = this;
    if ($ === null) throw new Error('the page has not been parsed');
    // cheerio's nodes are domhandler's, of another version of the library.
    const found: unknown =
      root === null
        ? $(selector).toArray()
        : $(root as never)
            .find(selector)
            .toArray();
    return found as Element[];
  }

  override has(id: string): boolean {
    return this.allById(id).length > 0;
  }

  override byId(id: string): Element | null {
    return this.allById(id)[0] ?? null;
  }

  override firstById(...ids: readonly string[]): Element | null {
    for (const id of ids) {
      const found = this.byId(id);
      if (found !== null) return found;
    }
    return null;
  }

  override allById(id: string): Element[] {
    return this.find(`[id=${quoted(id)}]`);
  }

  override idsPresent(): string[] {
    return [...new Set(this.find('[id]').map((element) => element.attribs['id'] ?? ''))];
  }

  override allByTag(name: string, limit = Infinity): Element[] {
    return this.find(name).slice(0, limit);
  }

  override allByAttr(name: string, value: string): Element[] {
    return this.find(`[${name}=${quoted(value)}]`);
  }

  override firstByAttr(name: string, value: string): Element | null {
    return this.allByAttr(name, value)[0] ?? null;
  }

  override hasAttr(name: string, value: string): boolean {
    return this.allByAttr(name, value).length > 0;
  }

  override allByClass(token: string): Element[] {
    return this.find(`[class~=${quoted(token)}]`);
  }

  override hasClass(token: string): boolean {
    return this.allByClass(token).length > 0;
  }

  override select(root: Root, selector: string): Element[] {
    return root === null ? [] : this.find(selector, root);
  }

  override first(root: Root, selector: string): Element | null {
    return this.select(root, selector)[0] ?? null;
  }
}
