import type { JsonValue } from '@attestel/core';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { type ObjectEvidence, parseEvidence } from '../evidence/object-evidence.ts';
import { objectId } from '../payload/payload.schema.ts';
import { personName } from './subject-name.ts';

/** Where a part of an answer begins: a line of an object, from 1. */
export interface LookupPlace {
  /** Name of the module, such as `data.consent`. */
  readonly module: string;
  readonly id: string;
  readonly line: number;
}

export interface LookupQuestion {
  readonly channel: string;
  /** Name of the person in that channel. */
  readonly subject: string;
  /** `next` of the part before; null or absent: from the beginning. */
  readonly after?: LookupPlace | null | undefined;
}

/** Objects that an answer should have and has not. */
export interface LeftOut {
  readonly module: string;
  /** Null: the rest of the module's. */
  readonly id: string | null;
  /**
   * `too_many`: more objects than one answers; `too_long`: it and what comes after, more than is asked for; else the code of
   * what went wrong with it.
   */
  readonly why: string;
}

/** Part of what one party has about a person in one channel, so that whoever asked believes the ledger and not the party. */
export interface LookupAnswer extends Omit<LookupQuestion, 'after'> {
  readonly v: 2;
  readonly party: string;
  /** The first one goes on where the part before ended, the last one may go on in the next. */
  readonly objects: readonly ObjectEvidence[];
  /** Where the next part begins; null: there is none. */
  readonly next: LookupPlace | null;
  readonly left: readonly LeftOut[];
}

/** Of one part: it ends with the first line by which it has so many. */
export interface PartLimits {
  readonly lines: number;
  /** That the party keeps of them. */
  readonly bytes: number;
}

const MAX_OBJECTS = 1000;
const moduleName = z.string().min(1).max(128);

export const lookupPlace = z.strictObject({
  module: moduleName,
  id: objectId,
  line: z.int().min(1).max(1_000_000_000),
});

const answerSchema = z.strictObject({
  v: z.literal(2),
  party: z.string().max(256),
  channel: z.string().max(64),
  subject: personName,
  objects: z.array(z.unknown()).max(MAX_OBJECTS),
  next: lookupPlace.nullable(),
  left: z
    .array(z.strictObject({ module: moduleName, id: objectId.nullable(), why: z.string().max(64) }))
    .max(MAX_OBJECTS),
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
