/** Markup that needs no further escaping. Only {@link html} and {@link trustedHtml} make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

/** Template tag that escapes every value which is not {@link Html}; arrays are joined, false and null vanish. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let out = strings[0] as string;
  parts.forEach((part, i) => {
    out += render(part) + (strings[i + 1] as string);
  });
  return new Html(out);
}

/** For markup made by our own code, such as an SVG from a library. Never for input. */
export const trustedHtml = (markup: string): Html => new Html(markup);

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function render(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(render).join('');
  return String(part).replace(/[&<>"']/g, (c) => ESCAPES[c] as string);
}
