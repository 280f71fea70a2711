import { type Bytes, type CborValue, decodeCbor, encodeCbor, fromHex, toHex } from '@attestel/core';
import { decodeOperation } from '@attestel/ledger';
import { EVENT_MODULE, type Rule } from '@attestel/registry';
import type { HostLedger } from './host-parts.ts';

/** Body of a line, as the ledger took it. */
export interface LineBody extends Record<'unique' | 'hold' | 'release', readonly Bytes[]> {
  readonly heads: readonly {
    readonly ref: Bytes;
    readonly prevHead: Bytes | null;
    readonly rule: Rule | null;
  }[];
  readonly shared: { readonly salt: Bytes; readonly payload: { readonly [field: string]: CborValue } } | null;
}

export interface LoggedLine {
  /** Hex. */
  readonly line: string;
  readonly channel: string;
  readonly actor: string;
  readonly body: LineBody;
}

/** A line as the log has it, with what the state does not keep; undefined where the log has no such line. */
export function loggedLine(
  ledger: Pick<HostLedger, 'indexOf' | 'entries'>,
  line: string,
): LoggedLine | undefined {
  const index = ledger.indexOf(fromHex(line));
  if (index === undefined) return undefined;
  const [entry] = ledger.entries(index, 1);
  return entry && lineOfEntry(entry.bytes);
}

const EVENT = Buffer.from(EVENT_MODULE);

/** Undefined where an entry of the log is no line. */
export function lineOfEntry(bytes: Bytes): LoggedLine | undefined {
  // Most entries of a log are something else, and need no decoding.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(EVENT)) return undefined;
  // A leaf is ['op', payload, signatures] (specs/ledger.md §3).
  const [tag, payload, signatures] = decodeCbor(bytes) as readonly CborValue[];
  if (tag !== 'op') return undefined;
  const operation = decodeOperation(encodeCbor([payload ?? null, signatures ?? null, null]));
  const { ns: channel, module, kind, actor, body } = operation.payload;
  if (module !== EVENT_MODULE || kind !== 'line') return undefined;
  return { line: toHex(operation.id), channel, actor, body: body as unknown as LineBody };
}
