import { fail } from '../../errors.ts';
import type { XmlElement } from './read-xml.ts';

/** What a reader has yet to take of one element: whatever is left in the end was not understood. */
export interface Cursor {
  /** The only child of that name, or undefined. */
  optional(name: string): Cursor | undefined;
  /** The only child of that name. */
  one(name: string): Cursor;
  /** All children of that name. */
  many(name: string): readonly Cursor[];
  /** Text of the only child of that name. */
  text(name: string): string;
  optionalText(name: string): string | undefined;
  readonly path: string;
  readonly element: XmlElement;
  /** Children that nobody took, here and below what was taken. */
  left(): readonly XmlElement[];
  /** @throws AppError invalid_argument when something is left */
  done(): void;
}

/** @throws AppError invalid_argument, with the path of the element, from every method that asks for what is not there */
export function cursorOf(element: XmlElement, path = `/${element.name}`): Cursor {
  const taken = new Map<XmlElement, Cursor>();
  const many = (name: string): readonly Cursor[] =>
    element.children
      .filter((child) => child.name === name)
      .map((child, index, all) => {
        const known = taken.get(child);
        if (known) return known;
        const cursor = cursorOf(child, `${path}/${name}${all.length > 1 ? `/${index}` : ''}`);
        taken.set(child, cursor);
        return cursor;
      });
  const optional = (name: string): Cursor | undefined => {
    const found = many(name);
    if (found.length > 1) throw refuse(`${path}/${name}`, 'repeated');
    return found[0];
  };
  const one = (name: string): Cursor => {
    const found = optional(name);
    if (!found) throw refuse(`${path}/${name}`, 'required');
    return found;
  };
  const optionalText = (name: string): string | undefined => {
    const found = optional(name);
    if (found && found.element.children.length > 0) throw refuse(found.path, 'text');
    return found?.element.text;
  };
  const text = (name: string): string => {
    const found = optionalText(name);
    if (!found) throw refuse(`${path}/${name}`, 'required');
    return found;
  };
  const left = (): readonly XmlElement[] =>
    element.children.flatMap((child) => taken.get(child)?.left() ?? [child]);
  const done = (): void => {
    const [first] = left();
    if (first) throw refuse(`${path}/${first.name}`, 'unknown-element');
  };
  return { optional, one, many, text, optionalText, path, element, left, done };
}

export function refuse(field: string, rule: string) {
  return fail('invalid_argument', { field, extra: { rule } });
}
