import { fail } from './errors.ts';

/** What an agent asks for and nobody does would look done. @throws AppError option_unknown */
export function onlyKnown(options: object | undefined, known: readonly string[]): object {
  const unknown = Object.keys(options ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw fail('option_unknown', { field: unknown });
  return options ?? {};
}
