import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { ObjectEvidence } from '../evidence/object-evidence.ts';
import {
  type LeftOut,
  type LookupAnswer,
  type LookupPlace,
  type LookupQuestion,
  parseAnswer,
} from './lookup-answer.ts';

/** Asks another party's node. @throws AppError where it does not answer, or denies */
export type AskParty = (party: string, question: LookupQuestion) => Promise<JsonValue>;

/** Parts of one source's answer that are asked for: what comes after is left out, and named. */
export const MAX_PARTS = 16;

/** All parts of one source's answer, its objects whole. */
export interface Collected {
  readonly objects: readonly ObjectEvidence[];
  readonly left: readonly LeftOut[];
}

/**
 * Asks one party until it has told all, or as much as is taken.
 * @throws AppError as `ask`; invalid_argument, evidence_forged for an answer that is none, or none to the question
 */
export async function collectAnswer(
  ask: AskParty,
  party: string,
  question: Pick<LookupQuestion, 'channel' | 'subject'>,
): Promise<Collected> {
  const objects: ObjectEvidence[] = [];
  const left: LeftOut[] = [];
  let after: LookupPlace | null = null;
  for (let count = 0; count < MAX_PARTS; count += 1) {
    const part = parseAnswer(await ask(party, { ...question, ...(after && { after }) }));
    assertAnswers(part, party, question);
    const [first, ...rest] = part.objects;
    const open = isPart(after) ? objects.pop() : undefined;
    if (open && first && isOf(first, open)) objects.push({ ...open, lines: [...open.lines, ...first.lines] });
    else objects.push(...[open, first].filter((one) => one !== undefined));
    objects.push(...rest);
    left.push(...part.left.filter((one) => !left.some((known) => isEqual(known, one))));
    after = part.next;
    if (after === null) return { objects, left };
  }
  const { module, id } = after as LookupPlace;
  if (isPart(after)) objects.pop();
  return { objects, left: [...left, { module, id, why: 'too_long' }] };
}

const isPart = (place: LookupPlace | null): boolean => place !== null && place.line > 1;

const isOf = (one: Pick<LookupPlace, 'module' | 'id'>, other: Pick<LookupPlace, 'module' | 'id'>): boolean =>
  one.module === other.module && one.id === other.id;

const isEqual = (one: LeftOut, other: LeftOut): boolean =>
  one.module === other.module && one.id === other.id && one.why === other.why;

/** @throws AppError evidence_forged for the answer of another, or to something else */
function assertAnswers(
  { party: by, channel, subject }: LookupAnswer,
  party: string,
  question: Pick<LookupQuestion, 'channel' | 'subject'>,
): void {
  if (by !== party || channel !== question.channel || subject !== question.subject)
    throw fail('evidence_forged', { extra: { why: 'question' } });
}
