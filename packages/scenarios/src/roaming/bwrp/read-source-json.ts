import { fail } from '../../errors.ts';

/** JSON in which a number is the text that stood for it: no binary float has ever rounded it. */
export type SourceJson =
  | null
  | boolean
  | string
  | readonly SourceJson[]
  | { readonly [member: string]: SourceJson };

const MAX_LENGTH = 33_554_432;
const MAX_DEPTH = 32;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const WORD = /true|false|null/y;

/**
 * Reads JSON (RFC 8259) strictly: one value, no member twice, well-formed strings, at most 32 levels and 32 Mi characters.
 * @throws AppError invalid_argument with the position in `extra.offset`
 */
export function readSourceJson(text: string): SourceJson {
  if (text.length > MAX_LENGTH) throw fail('invalid_argument', { field: '/', extra: { rule: 'json-size' } });
  const reader = new SourceReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class SourceReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): SourceJson {
    if (depth > MAX_DEPTH) throw this.#fault('json-depth');
    this.#take(SPACE);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const number = this.#take(NUMBER);
    if (number) return number;
    const word = this.#take(WORD);
    if (!word) throw this.#fault('json');
    return word === 'null' ? null : word === 'true';
  }

  end(): void {
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw this.#fault('json');
  }

  #object(depth: number): SourceJson {
    const members = new Map<string, SourceJson>();
    this.#items('}', () => {
      this.#take(SPACE);
      const name = this.#string();
      if (members.has(name)) throw this.#fault('json-repeated-member');
      this.#take(SPACE);
      this.#expect(':');
      members.set(name, this.value(depth + 1));
    });
    return Object.fromEntries(members);
  }

  #array(depth: number): SourceJson {
    const items: SourceJson[] = [];
    this.#items(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  #items(close: string, item: () => void): void {
    this.#at += 1;
    this.#take(SPACE);
    if (this.#text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      this.#take(SPACE);
      if (this.#text[this.#at] === close) break;
      this.#expect(',');
    }
    this.#at += 1;
  }

  #string(): string {
    const text = unescaped(this.#take(STRING));
    if (text?.isWellFormed() !== true) throw this.#fault('json-string');
    return text;
  }

  #expect(mark: string): void {
    if (this.#text[this.#at] !== mark) throw this.#fault('json');
    this.#at += 1;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fault(rule: string) {
    return fail('invalid_argument', { field: '/', extra: { rule, offset: this.#at } });
  }
}

/** Undefined for what is no string of JSON: a control character, or an escape that there is not. */
function unescaped(token: string): string | undefined {
  try {
    return JSON.parse(token) as string;
  } catch {
    return undefined;
  }
}
