import { SaxesParser } from 'saxes';
import { fail } from '../../errors.ts';

/** An element with what stands in it: either elements or text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export interface XmlRules {
  readonly root: string;
  readonly namespace: string;
  /** Whether elements below the root may stand in no namespace: schemas with `elementFormDefault="unqualified"`. */
  readonly unqualified: boolean;
}

const MAX_LENGTH = 8_388_608;
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 200_000;
const MAX_NAME = 128;

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * Reads an XML 1.0 document (fifth edition) with namespaces. No DOCTYPE, so no entities but the five of §4.6; no
 * processing instructions; no text beside elements; at most 8 Mi characters, 32 levels and 200,000 elements.
 * @throws AppError invalid_argument, `extra.rule` says which
 */
export function readXml(text: string, rules: XmlRules): XmlElement {
  if (text.length > MAX_LENGTH) throw refuse('size');
  const parser = new SaxesParser({ xmlns: true, position: false });
  const builder = new TreeBuilder(rules);
  parser.on('error', (cause) => {
    throw refuse('well-formed', cause);
  });
  parser.on('doctype', () => {
    throw refuse('doctype');
  });
  parser.on('processinginstruction', () => {
    throw refuse('processing-instruction');
  });
  parser.on('opentag', (tag) => builder.open(tag.local, tag.uri, Object.values(tag.attributes)));
  parser.on('text', (part) => builder.add(part));
  parser.on('cdata', (part) => builder.add(part));
  parser.on('closetag', () => builder.close());
  parser.write(text.startsWith('\uFEFF') ? text.slice(1) : text).close();
  return builder.result();
}

class TreeBuilder {
  readonly #rules: XmlRules;
  readonly #open: Open[] = [];
  #root: XmlElement | undefined;
  #count = 0;

  constructor(rules: XmlRules) {
    this.#rules = rules;
  }

  open(
    name: string,
    uri: string,
    attributes: readonly { local: string; uri: string; value: string }[],
  ): void {
    const { root, namespace, unqualified } = this.#rules;
    const isRoot = this.#open.length === 0;
    if (name.length > MAX_NAME) throw refuse('name');
    if (isRoot && name !== root) throw refuse('root');
    if (uri !== namespace && !(unqualified && !isRoot && uri === '')) throw refuse('namespace');
    this.#count += 1;
    if (this.#open.length >= MAX_DEPTH || this.#count > MAX_ELEMENTS) throw refuse('depth');
    // Those of other namespaces, such as where a schema lies, say nothing about content.
    const own = attributes.filter((attribute) => attribute.uri === '');
    this.#open.push({
      name,
      attributes: new Map(own.map(({ local, value }) => [local, value])),
      children: [],
      text: '',
    });
  }

  add(part: string): void {
    const element = this.#open.at(-1);
    if (element) element.text += part;
  }

  close(): void {
    const element = this.#open.pop();
    if (!element) throw refuse('well-formed');
    const text = element.text.trim();
    if (element.children.length > 0 && text !== '') throw refuse('mixed-content');
    const closed: XmlElement = { ...element, text };
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(closed);
    else this.#root = closed;
  }

  result(): XmlElement {
    if (!this.#root) throw refuse('well-formed');
    return this.#root;
  }
}

function refuse(rule: string, cause?: Error) {
  return fail('invalid_argument', { field: '/', extra: { rule: `xml-${rule}` }, ...(cause && { cause }) });
}
