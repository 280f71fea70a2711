import { fromHex } from '@attestel/core';
import { fail } from '../../errors.ts';

/** Single, known parameters. @throws AppError pki_query_invalid */
export function parseQuery<Name extends string>(
  url: URL,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const [name, value] of url.searchParams) {
    const known = names.find((one) => one === name);
    if (known === undefined || found[known] !== undefined)
      throw fail('pki_query_invalid', { field: 'query' });
    found[known] = value;
  }
  return found;
}

/** Unix seconds. @throws AppError pki_query_invalid */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]{1,12}$/.test(text)) throw fail('pki_query_invalid', { field: 'at' });
  return Number(text);
}

/** @throws AppError pki_query_invalid */
export function parseForm(text: string | undefined): 'path' | 'full' | 'none' | undefined {
  if (text === undefined || text === 'path' || text === 'full' || text === 'none') return text;
  throw fail('pki_query_invalid', { field: 'receipt' });
}

/** SHA-256 as lower-case hex. @throws AppError pki_query_invalid */
export function parseHash(text: string | undefined): Uint8Array {
  if (text === undefined || !/^[0-9a-f]{64}$/.test(text)) throw fail('pki_query_invalid', { field: 'hash' });
  return fromHex(text);
}
