import type { JsonValue } from '@attestel/core';
import type { PayloadView } from '../../host/queries/read-history.ts';
import { instantText } from '../../module/instant.ts';
import type { JsonObject, Module } from '../../module/module.ts';

/** A line that was folded at this node, with its payload. */
export interface FedLine {
  readonly channel: string;
  /** Hex. */
  readonly line: string;
  /** Place in the log. */
  readonly index: number;
  /** Block time, unix seconds. */
  readonly time: number;
  /** Commitment of the line, hex. */
  readonly digest: string;
  readonly payload: PayloadView['payload'];
}

/** Largest Integer of CloudEvents 1.0 §2.2. */
const MAX_INTEGER = 2_147_483_647;

/**
 * Events of a line as CloudEvents 1.0 in structured JSON. Ids are the same whenever they are sent: whoever gets one twice
 * can tell. Further attributes (§3.2): `party`, `actor`, `ledgerline`, `ledgerseq`, `digest`.
 */
export function cloudEventsOf(
  { channel, line, index, time, digest, payload }: FedLine,
  { name, version }: Pick<Module, 'name' | 'version'>,
  baseUrl: string,
): readonly JsonObject[] {
  const source = `${baseUrl}/v1/contracts/${name}@${version}/${encodeURIComponent(channel)}`;
  return payload.events.map((event, number) => ({
    specversion: '1.0',
    id: `${line}/${number}`,
    source,
    type: `attestel.${name}.${event.type}`,
    subject: event.object ?? payload.id,
    time: instantText(time),
    datacontenttype: 'application/json',
    party: payload.party,
    actor: payload.actor,
    ledgerline: line,
    ledgerseq: index <= MAX_INTEGER ? index : String(index),
    digest,
    data: event.data as JsonValue,
  }));
}
