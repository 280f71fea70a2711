import { equalBytes, toHex } from '@attestel/core';
import type { Line } from '@attestel/registry';
import { VALIDITY_SECONDS } from '../commands/build-line-of.ts';
import { CREDENTIAL_OBJECTS } from '../commands/build-payload.ts';
import { sorted } from '../commands/rule-of.ts';
import { refOfObject } from '../ledger-view.ts';
import type { Payload } from '../payload/payload.schema.ts';

/** The clock of who decided may be ahead of the ledger's by this much. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * What the line says otherwise than its payload: names of fields, none where they fit. Pure.
 * @param author who stands as actor of a line of a blind module, none of those concerned; null of any other
 */
export function shapeFaults(
  payload: Payload,
  line: Line,
  { name, author }: { readonly name: string; readonly author: string | null },
): readonly string[] {
  const { party, objects, issued, revoked, events, batch, at } = payload;
  const refs = [
    ...objects.map(({ id }) => refOfObject(name, id)),
    ...[...issued, ...revoked].map(({ id }) => refOfObject(CREDENTIAL_OBJECTS, id)),
  ];
  const parties = sorted([party, ...events.flatMap((event) => event.parties)]);
  const fits: Readonly<Record<string, boolean>> = {
    party: line.actor === (author ?? party) && (author === null || !parties.includes(author)),
    module:
      author === null
        ? line.moduleDigest !== null && toHex(line.moduleDigest) === payload.module
        : line.moduleDigest === null,
    objects:
      objects.some(({ id }) => id === payload.id) &&
      refs.length === line.refs.length &&
      refs.every((ref, i) => equalBytes(ref, line.refs[i] as Uint8Array)),
    parties: parties.join(' ') === payload.parties.join(' '),
    batch:
      (line.batch === null && batch === undefined) ||
      (line.batch?.size === batch?.size && batch?.root === (line.batch && toHex(line.batch.root))),
    at: at <= line.time + CLOCK_SKEW_SECONDS && line.time - at <= VALIDITY_SECONDS,
  };
  return Object.keys(fits).filter((name) => !fits[name]);
}
