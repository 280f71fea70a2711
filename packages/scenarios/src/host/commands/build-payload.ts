import { type JsonValue, toHex } from '@attestel/core';
import type { HostParts } from '../host-parts.ts';
import { refOfObject } from '../ledger-view.ts';
import { batchOfItems, splitItems } from '../payload/batch-items.ts';
import type { Issued, Kept, Payload } from '../payload/payload.schema.ts';
import type { Decided, Deciding } from './decide.ts';
import type { LoadedObject, SeenObject } from './load-objects.ts';
import { sorted } from './rule-of.ts';

/** Module name under which credentials are objects on the ledger. */
export const CREDENTIAL_OBJECTS = 'host.credential';

export interface PayloadParts {
  /** Digest of the module. */
  readonly module: string;
  readonly deciding: Deciding;
  readonly decided: Decided;
  readonly objects: readonly LoadedObject[];
  readonly seen: readonly SeenObject[];
}

/** Everything that the line is going to commit to, with fresh salts. Credentials are signed here. */
export async function buildPayload(parts: HostParts, from: PayloadParts): Promise<Kept> {
  const { deciding, decided, objects, seen } = from;
  const { data, items } = splitItems(deciding.data);
  const seed = items && parts.random.bytes(32);
  const batch = items && seed && batchOfItems(items, seed);
  const { events, effects, used } = decided;
  const payload: Payload = {
    v: 1,
    module: from.module,
    command: deciding.command,
    id: deciding.id,
    data,
    party: deciding.party,
    actor: deciding.actor,
    at: deciding.time,
    parties: [...sorted([deciding.party, ...events.flatMap((event) => event.parties)])],
    reads: seen.map(({ module, id, head }) => ({ module, id, head })),
    credentials: [...used],
    objects: objects.map(({ id, row }) => ({ id, prevHead: row?.head ?? null })),
    issued: await issue(parts, deciding, effects),
    revoked: revokedBy(effects, objects),
    events: events as unknown as Payload['events'],
    ...(deciding.module.blind && objects.some(({ row }) => !row)
      ? { relation: toHex(parts.random.bytes(32)) }
      : {}),
    ...(batch && { batch: { size: batch.size, root: toHex(batch.root) } }),
  };
  return {
    payload,
    salt: toHex(parts.random.bytes(32)),
    ...(items && seed && { items: [...items] as JsonValue[], seed: toHex(seed) }),
  };
}

async function issue(
  parts: HostParts,
  { channel, time }: Deciding,
  effects: Decided['effects'],
): Promise<Issued[]> {
  const issued: Issued[] = [];
  for (const effect of effects) {
    if (effect.kind !== 'issue') continue;
    const { type, grant } = effect;
    const { subject, claims, until } = grant;
    const id = toHex(parts.random.bytes(16));
    const ref = refOfObject(CREDENTIAL_OBJECTS, id);
    const jwt = await parts.credentials.issue({ channel, ref, type, subject, claims, from: time, until });
    issued.push({ id, type, subject, claims, until, jwt });
  }
  return issued;
}

/** What the objects gave and their events end: for each, the line that issued it. */
export function revokedBy(
  effects: Decided['effects'],
  objects: readonly Pick<LoadedObject, 'id' | 'row'>[],
): { id: string; prevHead: string }[] {
  const ended = effects.filter((effect) => effect.kind === 'revoke');
  return objects.flatMap(({ id: object, row }) =>
    (row?.given ?? [])
      .filter(({ type }) => ended.some((one) => one.object === object && one.type === type))
      .map(({ id, line }) => ({ id, prevHead: line })),
  );
}
