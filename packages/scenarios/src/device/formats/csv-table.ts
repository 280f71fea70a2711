import { fail } from '../../errors.ts';

const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Text of a field (RFC 4180 §2): quoted only where it has to be. */
const quoted = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

/** Rows of fields with lines that end in CR LF (RFC 4180). */
export const writeCsv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');

/**
 * Rows of fields. Lines end in CR LF or LF; a quote stands around a whole field or not at all.
 * @throws AppError invalid_argument, with the number of the row
 */
export function readCsv(text: string): string[][] {
  if (text.length > MAX_CHARACTERS) throw fail('out_of_range', { field: '/' });
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const { field, end } = text[at] === '"' ? quotedField(text, at, rows.length) : plainField(text, at);
    row.push(field);
    const rest = /^(?:,|\r?\n|$)/.exec(text.slice(end, end + 2));
    if (!rest) throw fail('invalid_argument', { field: `/${rows.length}` });
    at = end + rest[0].length;
    if (rest[0] === ',' && at < text.length) continue;
    if (rest[0] === ',') row.push('');
    rows.push(row);
    row = [];
  }
  return rows;
}

function plainField(text: string, start: number): { field: string; end: number } {
  let end = start;
  while (end < text.length && !',"\r\n'.includes(text[end] as string)) end += 1;
  return { field: text.slice(start, end), end };
}

function quotedField(text: string, start: number, row: number): { field: string; end: number } {
  for (let at = start + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) throw fail('invalid_argument', { field: `/${row}` });
    if (text[at + 1] === '"') continue;
    return { field: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
}
