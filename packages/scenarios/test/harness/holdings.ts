import { canonicalizeJson, type JsonValue } from '@attestel/core';
import type { Gives, JsonObject, Recorded } from '../../src/module/module.ts';

export interface Holding {
  readonly subject: string;
  readonly type: string;
  readonly claims: JsonObject;
  /** End, unix seconds, exclusive; absent: until revoked. */
  readonly until?: number | null;
}

interface Kept extends Holding {
  /** What gave it; undefined: by hand. */
  readonly source?: string;
  revoked: number | null;
}

/** Credentials in memory: live from when they are given until revoked or over. */
export class Holdings {
  readonly #kept: Kept[] = [];

  add(holding: Holding, source?: string): void {
    this.#kept.push({ ...holding, ...(source === undefined ? {} : { source }), revoked: null });
  }

  give<S>(
    gives: Gives<S>,
    { source, state, event }: { readonly source: string; readonly state: S; readonly event: Recorded },
  ): void {
    for (const grant of gives.to(state, event)) this.add({ ...grant, type: gives.type }, source);
  }

  revoke(source: string, time: number): void {
    for (const held of this.#kept) if (held.source === source && held.revoked === null) held.revoked = time;
  }

  /** Takes back what was given by hand. */
  revokeFrom(subject: string, type: string, time: number): void {
    for (const held of this.#kept) if (held.subject === subject && held.type === type) held.revoked = time;
  }

  find(subjects: readonly string[], type: string, match: JsonObject, now: number): JsonObject | undefined {
    return this.#kept.find(
      (held) =>
        subjects.includes(held.subject) &&
        held.type === type &&
        held.revoked === null &&
        (held.until == null || now < held.until) &&
        Object.entries(match).every(([claim, value]) => same(held.claims[claim], value)),
    )?.claims;
  }
}

const same = (a: JsonValue | undefined, b: JsonValue): boolean =>
  a !== undefined && canonicalizeJson(a) === canonicalizeJson(b);
