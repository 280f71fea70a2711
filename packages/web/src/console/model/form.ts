import type { JsonValue } from '@attestel/core';
import type { ConsoleModule } from '../../server/console-routes.ts';

type Schema = { readonly [keyword: string]: JsonValue };

/** How a parameter of a command is asked for. */
export type Field = {
  readonly name: string;
  readonly isRequired: boolean;
  readonly schema: Schema;
} & (
  | { readonly as: 'choice'; readonly choices: readonly string[] }
  | { readonly as: 'text'; readonly isLong: boolean }
  | { readonly as: 'number' }
  | { readonly as: 'truth' }
  /** What has no field of its own is written as JSON. */
  | { readonly as: 'json' }
);

const LONG = 200;

/** Parameters of a command, by the schema of an object. */
export function fieldsOf(schema: Schema): readonly Field[] {
  const required = (schema.required ?? []) as readonly string[];
  const properties = (schema.properties ?? {}) as { readonly [name: string]: Schema };
  return Object.entries(properties).map(([name, inner]) => {
    const common = { name, isRequired: required.includes(name), schema: inner };
    if (Array.isArray(inner.enum) && inner.enum.every((value) => typeof value === 'string'))
      return { ...common, as: 'choice', choices: inner.enum as readonly string[] };
    if (inner.type === 'string')
      return { ...common, as: 'text', isLong: Number(inner.maxLength ?? 0) > LONG };
    if (inner.type === 'integer' || inner.type === 'number') return { ...common, as: 'number' };
    return { ...common, as: inner.type === 'boolean' ? 'truth' : 'json' };
  });
}

export interface Mistake {
  readonly name: string;
  readonly is: 'number' | 'json';
}

/** Parameters from what somebody typed; an empty field that need not be there is left out. The node's schema decides. */
export function dataOf(
  fields: readonly Field[],
  typed: { readonly [name: string]: string },
): { readonly data: { readonly [name: string]: JsonValue } } | { readonly mistake: Mistake } {
  const data: { [name: string]: JsonValue } = {};
  for (const field of fields) {
    const text = typed[field.name] ?? '';
    if (text === '' && !field.isRequired) continue;
    const value = typedValue(field, text);
    if (value === undefined)
      return { mistake: { name: field.name, is: field.as === 'number' ? 'number' : 'json' } };
    data[field.name] = value;
  }
  return { data };
}

function typedValue({ as }: Field, text: string): JsonValue | undefined {
  switch (as) {
    case 'choice':
    case 'text':
      return text;
    case 'truth':
      return text === 'true';
    case 'number':
      return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
    case 'json':
      return jsonOf(text);
  }
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/**
 * What a form begins with: the object where the command names it, and the version that is to be signed or acknowledged, so
 * that nobody signs a text that was replaced meanwhile.
 */
export function prefilled(
  fields: readonly Field[],
  { id, state }: { readonly id: string; readonly state: JsonValue },
): { readonly [name: string]: string } {
  const { pending, latest } = (state ?? {}) as { readonly [name: string]: JsonValue };
  const version = (pending as { readonly version?: JsonValue } | null | undefined)?.version ?? latest;
  const asks = (name: string): boolean => fields.some((field) => field.name === name);
  return {
    ...(asks(ABOUT) ? { [ABOUT]: id } : {}),
    ...(asks('version') && typeof version === 'number' ? { version: String(version) } : {}),
  };
}

/** Parameter that names the object that another one is about, as an acknowledgement does its document. */
const ABOUT = 'document';

/** Whether a command can be given from the page of an object: it moves it, or begins one that is about it. */
export const isAbout = ({ schema, on }: Pick<ConsoleModule['commands'][string], 'schema' | 'on'>): boolean =>
  on !== 'new' || fieldsOf(schema).some(({ name }) => name === ABOUT);
