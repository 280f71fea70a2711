import { fail } from '../../src/errors.ts';
import type { ModuleEvent } from '../../src/module/module.ts';

/** Keys as the ledger takes them (specs/event-lines.md §2): first what is released is free, then the others are taken. */
export class Tokens {
  /** Whether it can be released. */
  #taken: ReadonlyMap<string, boolean> = new Map();

  /** All or none. @throws AppError already_exists, conflict */
  take(module: string, events: readonly ModuleEvent[]): void {
    const taken = new Map(this.#taken);
    const keys = (field: 'unique' | 'hold' | 'release') =>
      events.flatMap((event) => event[field] ?? []).map((key) => `${module} ${key}`);
    for (const key of keys('release')) {
      if (!taken.get(key)) throw fail('conflict', { extra: { token: 'release' } });
      taken.delete(key);
    }
    for (const field of ['unique', 'hold'] as const) {
      for (const key of keys(field)) {
        if (taken.has(key)) throw fail('already_exists', { extra: { token: field } });
        taken.set(key, field === 'hold');
      }
    }
    this.#taken = taken;
  }
}
