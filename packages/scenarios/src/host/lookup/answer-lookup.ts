import { isReadable } from '@attestel/registry';
import { fail } from '../../errors.ts';
import type { Reader } from '../../module/module.ts';
import { isOverseen, plainReader } from '../access/oversight.ts';
import { recordQuery } from '../access/record-read.ts';
import { countOf, keptBytes, keptLines } from '../evidence/kept-lines.ts';
import type { EvidenceLine, ObjectEvidence } from '../evidence/object-evidence.ts';
import { mayOpen } from '../evidence/show-evidence.ts';
import { createPause, type Pause } from '../evidence/turns.ts';
import type { HostParts } from '../host-parts.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { nowOf } from '../queries/read-objects.ts';
import { type Asking, readerOf } from '../queries/reader-of.ts';
import type { LookupAnswer, LookupPlace, LookupQuestion, PartLimits } from './lookup-answer.ts';
import { type NameAbout, namesAbout, objectAbout } from './objects-about.ts';
import { personName } from './subject-name.ts';

const PART: PartLimits = { lines: 1000, bytes: 4_194_304 };
/** Objects that one part looks at, shown or not. */
const MAX_LOOKED_AT = 1000;

/**
 * Answers a member of the channel: what it may see of a person, live from the store, with what proves it. An answer has as many
 * parts as it needs, each as long as one request should take.
 * @throws AppError invalid_argument, permission_denied to who does not read the channel
 */
export async function answerLookup(
  parts: HostParts,
  { channel, subject, after = null }: LookupQuestion,
  asking: Asking,
): Promise<LookupAnswer> {
  if (!personName.safeParse(subject).success) throw fail('invalid_argument', { field: '/subject' });
  const time = nowOf(parts);
  assertMember(parts, { channel, did: asking.party ?? asking.actor, time });
  const { names, cut } = namesAbout(parts, channel, subject);
  const part = createPart(parts.lookupPart ?? PART);
  const showing = { parts, channel, subject, asking, time, part, pause: createPause(), overseen: new Map() };
  let next: LookupPlace | null = null;
  for (const [number, name] of fromPlace(parts, names, after).entries()) {
    const place = placeOf(name, after);
    const isOver = part.isFull() || number === MAX_LOOKED_AT;
    const line = isOver ? place.line : await showObject(showing, name, place.line);
    if (line === undefined) continue;
    next = { ...place, line };
    break;
  }
  for (const [module, reader] of showing.overseen)
    await recordQuery(parts, reader, { module, query: 'lookup' });
  const left = cut.map((module) => ({ module, id: null, why: 'too_many' }) as const);
  return { v: 2, party: parts.party.did, channel, subject, objects: part.objects, next, left };
}

/** `main` and public channels everybody reads; a search through what is kept is for members. */
function assertMember(
  parts: HostParts,
  { channel, did, time }: { readonly channel: string; readonly did: string; readonly time: number },
): void {
  const isReader = isReadable((module) => parts.ledger.state(module), { ns: channel, did, time });
  if (!isReader || !parts.view.membersOf(channel).includes(did)) throw fail('permission_denied');
}

interface Showing {
  readonly parts: HostParts;
  readonly channel: string;
  readonly subject: string;
  readonly asking: Asking;
  readonly time: number;
  readonly part: Part;
  readonly pause: Pause;
  /** Modules of which something is shown to a regulator or auditor alone. */
  readonly overseen: Map<string, Reader>;
}

/** @returns the number of the line that has no place in the part any more */
async function showObject(showing: Showing, name: NameAbout, from: number): Promise<number | undefined> {
  const { parts, channel, subject, asking, time, part, pause, overseen } = showing;
  await pause();
  const found = objectAbout(parts, channel, subject, name);
  if (!found) return undefined;
  const { module, id, row } = found;
  const reader = await readerOf(parts, { channel, module, time }, asking);
  if (!module.visible(row.state, reader)) return undefined;
  if (isOverseen(module, row.state, plainReader(parts, reader))) overseen.set(module.name, reader);
  const object = { channel, module: module.name, id };
  const mayShow = (kept: Kept) => mayOpen(parts, { channel, module, row, kept, reader });
  let number = from;
  for (const line of keptLines(parts, object, { from, to: countOf(parts, object) }, mayShow)) {
    if (part.isFull()) return number;
    part.add(object, line, keptBytes(parts, object, number));
    number += 1;
    await pause();
  }
  return undefined;
}

/** Names from a place on. What was erased meanwhile is not among them. */
function fromPlace(
  { modules }: HostParts,
  names: readonly NameAbout[],
  after: LookupPlace | null,
): readonly NameAbout[] {
  if (after === null) return names;
  const rank = (name: string): number => modules.all.findLastIndex(({ module }) => module.name === name);
  const start = rank(after.module);
  return names.filter(({ module: { name }, id }) =>
    name === after.module ? id >= after.id : rank(name) > start,
  );
}

const placeOf = ({ module, id }: NameAbout, after: LookupPlace | null): LookupPlace => ({
  module: module.name,
  id,
  line: after?.module === module.name && after.id === id ? after.line : 1,
});

interface Part {
  readonly objects: readonly ObjectEvidence[];
  isFull(): boolean;
  add(name: Omit<ObjectEvidence, 'v' | 'lines'>, line: EvidenceLine, bytes: number): void;
}

function createPart(most: PartLimits): Part {
  const objects: (Omit<ObjectEvidence, 'lines'> & { readonly lines: EvidenceLine[] })[] = [];
  let [count, size] = [0, 0];
  return {
    objects,
    isFull: () => count >= most.lines || size >= most.bytes,
    add(name, line, bytes) {
      const last = objects.at(-1);
      if (last?.module === name.module && last.id === name.id) last.lines.push(line);
      else objects.push({ v: 1, ...name, lines: [line] });
      count += 1;
      size += bytes;
    },
  };
}
