import { type Bytes, fromBase64url, toBase64url } from '@attestel/core';
import { hashLeaf } from '@attestel/proof';
import { fail } from '../errors.ts';
import { decodeLeaf } from '../log/leaf.ts';
import { sha256 } from '../sha256.ts';
import type { LogEntry } from './entry.ts';
import { MAX_LINE_LENGTH } from './read-lines.ts';

export const EXPORT_FORMAT = 'attestel-ledger-export/1';

export interface ExportHeader {
  readonly network: string;
  readonly origin: string;
}

/** Network that an entry's operation is for. @throws AppError export_invalid when it is no operation */
export function networkOf({ index, bytes }: Pick<LogEntry, 'index' | 'bytes'>): string {
  try {
    const leaf = decodeLeaf(bytes);
    if (leaf.kind === 'op') return leaf.operation.payload.network;
  } catch {
    // told below
  }
  throw fail('export_invalid', { field: `entries/${index}` });
}

/** JSON lines: a header, then one line per entry. Each string is a line with its newline. */
export async function* exportEntries(
  { network, origin }: ExportHeader,
  entries: Iterable<LogEntry> | AsyncIterable<LogEntry>,
): AsyncIterable<string> {
  yield `${JSON.stringify({ format: EXPORT_FORMAT, network, origin })}\n`;
  for await (const { index, bytes, attachment, checkpoint } of entries) {
    const line = {
      index,
      entry: toBase64url(bytes),
      hash: toBase64url(hashLeaf(sha256, bytes)),
      attachment: attachment && toBase64url(attachment),
      checkpoint,
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

/** Header first, then the entries. Hostile input: nothing is verified here. @throws AppError export_invalid */
export async function readExport(
  lines: AsyncIterable<string> | Iterable<string>,
): Promise<{ readonly header: ExportHeader; readonly entries: AsyncIterable<LogEntry> }> {
  const iterator = numbered(lines);
  const first = await iterator.next();
  if (first.done) throw fail('export_invalid', { field: 'line 1' });
  const { format, network, origin } = parseLine(first.value, ['format', 'network', 'origin']);
  if (format !== EXPORT_FORMAT || typeof network !== 'string' || typeof origin !== 'string') {
    throw fail('export_invalid', { field: 'line 1' });
  }
  return { header: { network, origin }, entries: entriesOf(iterator) };
}

interface Line {
  readonly number: number;
  readonly text: string;
}

async function* numbered(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Line, void> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    yield { number, text: line.endsWith('\n') ? line.slice(0, -1) : line };
  }
}

async function* entriesOf(lines: AsyncIterable<Line>): AsyncIterable<LogEntry> {
  for await (const line of lines) yield parseEntry(line);
}

function parseEntry(line: Line): LogEntry {
  const value = parseLine(line, ['index', 'entry', 'hash', 'attachment', 'checkpoint']);
  const { index, checkpoint } = value;
  const bytes = bytesOf(line, value, 'entry');
  const hash = bytesOf(line, value, 'hash');
  const attachment = bytesOf(line, value, 'attachment');
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0 || !bytes) {
    throw fail('export_invalid', { field: `line ${line.number}` });
  }
  if (checkpoint !== undefined && typeof checkpoint !== 'string') {
    throw fail('export_invalid', { field: `line ${line.number} checkpoint` });
  }
  return {
    index,
    bytes,
    ...(hash && { hash }),
    ...(attachment && { attachment }),
    ...(checkpoint !== undefined && { checkpoint }),
  };
}

function parseLine({ number, text }: Line, members: readonly string[]): Readonly<Record<string, unknown>> {
  const field = `line ${number}`;
  if (text.length > MAX_LINE_LENGTH) throw fail('export_invalid', { field });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fail('export_invalid', { field });
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.keys(value).some((key) => !members.includes(key))
  ) {
    throw fail('export_invalid', { field });
  }
  return value as Readonly<Record<string, unknown>>;
}

function bytesOf(
  { number }: Line,
  value: Readonly<Record<string, unknown>>,
  name: string,
): Bytes | undefined {
  const text = value[name];
  if (text === undefined) return undefined;
  try {
    if (typeof text === 'string') return fromBase64url(text);
  } catch {
    // told below
  }
  throw fail('export_invalid', { field: `line ${number} ${name}` });
}
