import type { JsonValue } from '@attestel/core';
import { isReadable } from '@attestel/registry';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import type { Reader } from '../../module/module.ts';
import { isOverseen, plainReader } from '../access/oversight.ts';
import { recordQuery } from '../access/record-read.ts';
import { type ObjectEvidence, parseEvidence } from '../evidence/object-evidence.ts';
import { evidenceOf, mayOpen } from '../evidence/show-evidence.ts';
import type { HostParts } from '../host-parts.ts';
import { nowOf } from '../queries/read-objects.ts';
import { type Asking, readerOf } from '../queries/reader-of.ts';
import { objectsAbout } from './objects-about.ts';
import { personName } from './subject-name.ts';

/** Objects about one person in one channel, at most. */
const MAX_OBJECTS = 1000;

export interface LookupQuestion {
  readonly channel: string;
  /** Name of the person in that channel. */
  readonly subject: string;
}

/** What one party has about a person in one channel, so that whoever asked believes the ledger and not the party. */
export interface LookupAnswer extends LookupQuestion {
  readonly v: 1;
  readonly party: string;
  readonly objects: readonly ObjectEvidence[];
}

/**
 * Answers a member of the channel: what it may see of a person, live from the store, with what proves it.
 * @throws AppError invalid_argument, permission_denied to who does not read the channel, out_of_range
 */
export async function answerLookup(
  parts: HostParts,
  { channel, subject }: LookupQuestion,
  asking: Asking,
): Promise<LookupAnswer> {
  if (!personName.safeParse(subject).success) throw fail('invalid_argument', { field: '/subject' });
  const time = nowOf(parts);
  const did = asking.party ?? asking.actor;
  const isReader = isReadable((module) => parts.ledger.state(module), { ns: channel, did, time });
  // `main` and public channels everybody reads; a search through what is kept is for members.
  if (!isReader || !parts.view.membersOf(channel).includes(did)) throw fail('permission_denied');
  const objects: ObjectEvidence[] = [];
  const overseen = new Map<string, Reader>();
  for (const { module, id, row } of objectsAbout(parts, channel, subject)) {
    const reader = await readerOf(parts, { channel, module, time }, asking);
    if (!module.visible(row.state, reader)) continue;
    if (objects.length === MAX_OBJECTS) throw fail('out_of_range', { extra: { objects: MAX_OBJECTS } });
    const name = { channel, module: module.name, id };
    if (isOverseen(module, row.state, plainReader(parts, reader))) overseen.set(module.name, reader);
    objects.push(evidenceOf(parts, name, (kept) => mayOpen(parts, { channel, module, row, kept, reader })));
  }
  for (const [module, reader] of overseen) await recordQuery(parts, reader, { module, query: 'lookup' });
  return { v: 1, party: parts.party.did, channel, subject, objects };
}

const answerSchema = z.strictObject({
  v: z.literal(1),
  party: z.string().max(256),
  channel: z.string().max(64),
  subject: personName,
  objects: z.array(z.unknown()).max(MAX_OBJECTS),
});

/** @throws AppError invalid_argument with a JSON pointer */
export function parseAnswer(value: JsonValue): LookupAnswer {
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path ?? [];
    throw fail('invalid_argument', { field: `/${path.map(String).join('/')}` });
  }
  const objects = parsed.data.objects.map((one, i) => parseEvidence(one as JsonValue, `/objects/${i}`));
  return { ...parsed.data, objects };
}
