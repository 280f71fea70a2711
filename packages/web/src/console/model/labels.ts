import type { JsonValue, Locale } from '@attestel/core';
import type { ConsoleModule } from '../../server/console-routes.ts';

type Schema = { readonly [keyword: string]: JsonValue };
type Said = { readonly 'zh-CN': string; readonly en: string };

/** Depth of schemas that is looked at; those of modules are less deep. */
const DEPTH = 12;

/** What the fields of a module's objects are called, from the texts of its schemas; the first text of a name counts. */
export function labelsOf({ commands, events }: ConsoleModule, locale: Locale): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const schemas = [...Object.values(commands).map(({ schema }) => schema), ...Object.values(events)];
  for (const schema of schemas) collect(schema, labels, locale, DEPTH);
  return labels;
}

function collect(schema: Schema, labels: Map<string, string>, locale: Locale, depth: number): void {
  if (depth === 0) return;
  for (const [name, inner] of Object.entries((schema.properties ?? {}) as { [name: string]: Schema })) {
    const text = (inner['x-text'] as Said | undefined)?.[locale];
    if (text !== undefined && !labels.has(name)) labels.set(name, text);
    collect(inner, labels, locale, depth - 1);
  }
  for (const inner of [schema.items, ...((schema.anyOf ?? schema.oneOf ?? []) as readonly JsonValue[])])
    if (typeof inner === 'object' && inner !== null) collect(inner as Schema, labels, locale, depth - 1);
}
