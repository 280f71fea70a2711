import { isAppError, type JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { checkEvidence, isOfAnotherHead, type ProvedObject } from '../evidence/check-evidence.ts';
import { provedReads } from '../evidence/proved-reads.ts';
import type { HostParts } from '../host-parts.ts';
import { type LookupAnswer, type LookupQuestion, parseAnswer } from './answer-lookup.ts';
import { objectsAbout } from './objects-about.ts';
import { personName, subjectName } from './subject-name.ts';

/** Asks another party's node. @throws AppError where it does not answer, or denies */
export type AskParty = (party: string, question: LookupQuestion) => Promise<JsonValue>;

export interface LookupRequest {
  /** How the asking party itself names the person: 32 random hex digits, which leave it for nobody. */
  readonly person: string;
  /** Default: all channels that the party reads, but `main`. */
  readonly channels?: readonly string[];
}

/** One party's answer about one channel, and what it was worth. */
export interface LookupSource extends LookupQuestion {
  readonly party: string;
  /**
   * `proved`: the ledger bears all of it out; `incomplete`: that too, and it lacks what this party knows was told to the source, which
   * may have erased it; `stale`: it is of another head of the ledger than this node's, and none was taken; `forged`: the ledger does not
   * bear some of it out, and none was taken; `silent`: no answer.
   */
  readonly outcome: 'proved' | 'incomplete' | 'stale' | 'forged' | 'silent';
  readonly objects: number;
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

async function oneSource(
  parts: HostParts,
  ask: AskParty,
  party: string,
  question: LookupQuestion,
): Promise<Found> {
  const told = (outcome: LookupSource['outcome'], why: string): Found => ({
    source: { party, ...question, outcome, objects: 0, why },
    proved: [],
  });
  let answered: JsonValue;
  try {
    answered = await ask(party, question);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return told('silent', error.code);
  }
  try {
    const proved = await proveAnswer(parts, party, question, parseAnswer(answered));
    const lacking = leftOut(parts, party, question, proved);
    const outcome = lacking === undefined ? 'proved' : 'incomplete';
    const why = lacking === undefined ? {} : { why: `left_out ${lacking}` };
    return { source: { party, ...question, outcome, objects: proved.length, ...why }, proved };
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, field = '', extra } = error;
    const outcome = isOfAnotherHead(error) ? 'stale' : 'forged';
    return told(outcome, [code, field, extra.why ?? ''].filter((text) => text !== '').join(' '));
  }
}

/** @throws AppError evidence_forged, not_found, invalid_argument */
async function proveAnswer(
  parts: HostParts,
  party: string,
  { channel, subject }: LookupQuestion,
  answer: LookupAnswer,
): Promise<readonly ProvedObject[]> {
  if (answer.party !== party || answer.channel !== channel || answer.subject !== subject)
    throw fail('evidence_forged', { extra: { why: 'question' } });
  const { objects } = answer;
  const reads = provedReads(parts, (name) =>
    objects.find(({ module, id }) => name.channel === channel && module === name.module && id === name.id),
  );
  const proved: ProvedObject[] = [];
  for (const [i, evidence] of objects.entries()) {
    const wrong = (why: string) => fail('evidence_forged', { field: `/objects/${i}`, extra: { why } });
    if (evidence.channel !== channel) throw wrong('channel');
    if (proved.some(({ module, id }) => module.name === evidence.module && id === evidence.id))
      throw wrong('twice');
    proved.push(await checkEvidence(parts, evidence, reads));
  }
  const read = (module: string, id: string) =>
    proved.find((one) => one.module.name === module && one.id === id)?.state;
  const other = proved.findIndex(({ module, state }) => module.subjectOf?.(state, read) !== subject);
  if (other >= 0) throw fail('evidence_forged', { field: `/objects/${other}`, extra: { why: 'subject' } });
  return proved;
}

/** What this party has, and knows that the other one was told: the first that its answer lacks, as module and id. */
function leftOut(
  parts: HostParts,
  party: string,
  { channel, subject }: LookupQuestion,
  proved: readonly ProvedObject[],
): string | undefined {
  for (const { module, id, row } of objectsAbout(parts, channel, subject)) {
    const isShown = proved.some((one) => one.module.name === module.name && one.id === id);
    if (!isShown && row.complete.includes(party)) return `${module.name} ${id}`;
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
