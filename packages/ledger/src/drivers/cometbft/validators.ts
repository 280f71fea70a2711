import { type Bytes, toHex } from '@attestel/core';
import type { Candidate } from '../../executor/executor.ts';
import type { StateReader } from '../../module.ts';
import { isAccepted } from '../../state/execute-block.ts';

/** A validator of the engine. */
export interface Validator {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Bytes;
  /** 0 removes it. */
  readonly power: number;
}

/**
 * Where the set of validators comes from: the ledger's own state, so that who orders it is decided by it.
 * Some module keeps them and says in events what an operation changed.
 */
export interface ValidatorSource {
  /** Validators in that state. */
  current(read: (module: string) => StateReader): readonly Validator[];
  /** Keys whose power an event sets, in order; empty for events that are about something else. */
  changes(event: {
    readonly module: string;
    readonly type: string;
    readonly data: object;
  }): readonly Validator[];
}

/**
 * What the engine is told after a block. It takes a key only once in a list, and stops at the removal of a key
 * it does not have: so keys that end as they began are left out, in whatever turns the block got there.
 */
export function validatorUpdates(
  source: ValidatorSource,
  before: (module: string) => StateReader,
  { outcomes }: Pick<Candidate, 'outcomes'>,
): readonly Validator[] {
  const changed = new Map<string, Validator>();
  for (const outcome of outcomes.filter(isAccepted)) {
    for (const event of outcome.events) {
      for (const validator of source.changes(event)) changed.set(toHex(validator.publicKey), validator);
    }
  }
  if (changed.size === 0) return [];
  const known = new Map(source.current(before).map(({ publicKey, power }) => [toHex(publicKey), power]));
  return [...changed]
    .filter(([key, { power }]) => power !== (known.get(key) ?? 0))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, validator]) => validator);
}
