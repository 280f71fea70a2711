import { type Bytes, fromHex, toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { createEventLines, EVENT_MODULE, eventStateKey } from '@attestel/registry';

/** Where a credential begins and ends in the log. */
export interface CredentialLife {
  /** Its first line: operation id in hex. */
  readonly line: string;
  readonly actor: string;
  /** Block time, unix seconds. */
  readonly time: number;
  /** Null for lines of blind modules. */
  readonly moduleDigest: Bytes | null;
  /** Places in the log. */
  readonly begins: number;
  /** Undefined: nobody has revoked it. */
  readonly ends: number | undefined;
}

/** What the ledger at this node says about one credential; undefined before its first line. */
export type FindLife = (channel: string, ref: string) => CredentialLife | undefined;

/** A credential lives from the first line of its object until the second. */
export function createFindLife(ledger: Pick<Ledger, 'state' | 'indexOf'>): FindLife {
  const lines = createEventLines(ledger);
  const idAt = (channel: string, ref: Bytes, number: number): Bytes | undefined => {
    const key = `${eventStateKey(channel, 'of', ref)}|${String(number).padStart(10, '0')}`;
    return ledger.state(EVENT_MODULE).get(key) as Bytes | undefined;
  };
  return (channel, ref) => {
    const first = idAt(channel, fromHex(ref), 1);
    const line = first && lines.line(channel, first);
    const begins = first && ledger.indexOf(first);
    if (!line || begins === undefined) return undefined;
    const second = idAt(channel, fromHex(ref), 2);
    const { actor, time, moduleDigest } = line;
    // A second line that the log does not place ends it all the same.
    const ends = second && (ledger.indexOf(second) ?? begins);
    return { line: toHex(first), actor, time, moduleDigest, begins, ends };
  };
}
