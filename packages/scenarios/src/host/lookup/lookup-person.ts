import { isAppError, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { checkEvidence, isOfAnotherHead, type ProvedObject } from '../evidence/check-evidence.ts';
import { provedReads } from '../evidence/proved-reads.ts';
import { createPause } from '../evidence/turns.ts';
import type { HostParts } from '../host-parts.ts';
import type { ObjectName } from '../store/object-rows.ts';
import { type AskParty, type Collected, collectAnswer } from './collect-answer.ts';
import type { LeftOut, LookupQuestion } from './lookup-answer.ts';
import { objectsAbout } from './objects-about.ts';
import { personName, subjectName } from './subject-name.ts';

export interface LookupRequest {
  /** How the asking party itself names the person: 32 random hex digits, which leave it for nobody. */
  readonly person: string;
  /** Default: all channels that the party reads, but `main`. */
  readonly channels?: readonly string[];
}

/** One party's answer about one channel, and what it was worth. */
export interface LookupSource extends Pick<LookupQuestion, 'channel' | 'subject'> {
  readonly party: string;
  /**
   * `proved`: the ledger bears all of it out; `incomplete`: that too, and it lacks what this party knows was told to the source, which
   * may have erased it, or what stands in `left`; `stale`: it is of another head of the ledger than this node's, and none was taken; `forged`: the ledger does not
   * bear some of it out, and none was taken; `silent`: no answer.
   */
  readonly outcome: 'proved' | 'incomplete' | 'stale' | 'forged' | 'silent';
  readonly objects: number;
  /** What the source says that it left out, or was not asked for any more: such an answer is `incomplete`. */
  readonly left: readonly LeftOut[];
  /** Why it was not taken: code, and the place. */
  readonly why?: string;
}

export interface LookupEntry {
  readonly channel: string;
  readonly module: string;
  readonly id: string;
  readonly state: JsonValue;
  /** Hex. */
  readonly head: string;
  /** Parties whose answers prove it. */
  readonly sources: readonly string[];
  /** Lines whose payload nobody showed: what they did is not in the state. */
  readonly gaps: number;
}

export interface Lookup {
  readonly entries: readonly LookupEntry[];
  readonly sources: readonly LookupSource[];
}

/**
 * One answer about a person from all members of all channels that this party reads. Each source's answer is proved by the ledger
 * at this node, line by line; one that lies is named and left out whole. What a source never told anybody it can leave out
 * unseen. @throws AppError invalid_argument, permission_denied
 */
export async function lookupPerson(parts: HostParts, ask: AskParty, request: LookupRequest): Promise<Lookup> {
  if (!personName.safeParse(request.person).success) throw fail('invalid_argument', { field: '/person' });
  const own = parts.view.channelsOf(parts.party.did).filter((name) => name !== 'main');
  const channels = request.channels ?? own;
  if (!channels.every((name) => own.includes(name))) throw fail('permission_denied', { field: '/channels' });
  const found = await Promise.all(
    [...new Set(channels)].map(async (channel) => {
      const subject = await subjectName(parts, channel, request.person);
      const members = parts.view.membersOf(channel).filter((did) => did !== parts.party.did);
      return Promise.all(members.map((party) => oneSource(parts, ask, party, { channel, subject })));
    }),
  );
  const all = found.flat();
  return { entries: merged(all), sources: all.map(({ source }) => source) };
}

interface Found {
  readonly source: LookupSource;
  readonly proved: readonly ProvedObject[];
}

type Question = Pick<LookupQuestion, 'channel' | 'subject'>;

async function oneSource(parts: HostParts, ask: AskParty, party: string, question: Question): Promise<Found> {
  const about = { party, ...question };
  let unanswered: string | undefined;
  const asking: AskParty = async (...asked) => {
    try {
      return await ask(...asked);
    } catch (error) {
      if (isAppError(error)) unanswered = error.code;
      throw error;
    }
  };
  try {
    const { objects, left } = await collectAnswer(asking, party, question);
    const proved = await proveObjects(parts, question, objects);
    const lacking = await leftOut(parts, party, question, proved);
    const outcome = lacking === undefined && left.length === 0 ? 'proved' : 'incomplete';
    const why = lacking === undefined ? {} : { why: `left_out ${lacking}` };
    return { source: { ...about, outcome, objects: proved.length, left, ...why }, proved };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, field = '', extra } = error;
    const nothing = { ...about, objects: 0, left: [] };
    if (unanswered !== undefined)
      return { source: { ...nothing, outcome: 'silent', why: unanswered }, proved: [] };
    const outcome = isOfAnotherHead(error) ? 'stale' : 'forged';
    const why = [code, field, extra.why ?? ''].filter((text) => text !== '').join(' ');
    return { source: { ...nothing, outcome, why }, proved: [] };
  }
}

const keyOf = (module: string, id: string): string => `${module} ${id}`;

/** @throws AppError evidence_forged, not_found, invalid_argument */
async function proveObjects(
  parts: HostParts,
  { channel, subject }: Question,
  objects: Collected['objects'],
): Promise<readonly ProvedObject[]> {
  const shown = new Map(objects.map((one) => [keyOf(one.module, one.id), one]));
  const pause = createPause();
  const find = (name: ObjectName) =>
    name.channel === channel ? shown.get(keyOf(name.module, name.id)) : undefined;
  const reads = provedReads(parts, find, pause);
  const proved = new Map<string, ProvedObject>();
  for (const [i, evidence] of objects.entries()) {
    const wrong = (why: string) => fail('evidence_forged', { field: `/objects/${i}`, extra: { why } });
    if (evidence.channel !== channel) throw wrong('channel');
    const key = keyOf(evidence.module, evidence.id);
    if (proved.has(key)) throw wrong('twice');
    proved.set(key, await checkEvidence(parts, evidence, { reads, pause }));
  }
  const read = (module: string, id: string) => proved.get(keyOf(module, id))?.state;
  const all = [...proved.values()];
  const other = all.findIndex(({ module, state }) => module.subjectOf?.(state, read) !== subject);
  if (other >= 0) throw fail('evidence_forged', { field: `/objects/${other}`, extra: { why: 'subject' } });
  return all;
}

/** What this party has, and knows that the other one was told: the first that its answer lacks, as module and id. */
async function leftOut(
  parts: HostParts,
  party: string,
  { channel, subject }: Question,
  proved: readonly ProvedObject[],
): Promise<string | undefined> {
  const shown = new Set(proved.map(({ module, id }) => keyOf(module.name, id)));
  const pause = createPause();
  for (const { module, id, row } of objectsAbout(parts, channel, subject)) {
    const key = keyOf(module.name, id);
    if (!shown.has(key) && row.complete.includes(party)) return key;
    await pause();
  }
  return undefined;
}

/** One entry an object: states are equal but for what was erased here or there, so the fullest one stands. */
function merged(found: readonly Found[]): readonly LookupEntry[] {
  const entries = new Map<string, LookupEntry>();
  for (const { source, proved } of found)
    for (const { channel, module, id, state, head, gaps } of proved) {
      const key = `${channel}|${module.name}|${id}`;
      const before = entries.get(key);
      const sources = [...(before?.sources ?? []), source.party].sort();
      const isFuller = before === undefined || gaps < before.gaps;
      const fullest = isFuller ? { channel, module: module.name, id, state, head, gaps } : before;
      entries.set(key, { ...fullest, sources });
    }
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
