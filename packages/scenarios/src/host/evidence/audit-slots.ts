import { fail } from '../../errors.ts';

/** Long pieces of work at once: of one requester, and of all together. */
export interface Slots {
  /** @throws AppError audit_running where there is no place for one more */
  run<T>(requester: string, work: () => Promise<T>): Promise<T>;
}

export function createSlots({ each, all }: { readonly each: number; readonly all: number }): Slots {
  const running = new Map<string, number>();
  let total = 0;
  const change = (requester: string, by: 1 | -1): void => {
    total += by;
    const count = (running.get(requester) ?? 0) + by;
    if (count === 0) running.delete(requester);
    else running.set(requester, count);
  };
  return {
    async run(requester, work) {
      if (total >= all || (running.get(requester) ?? 0) >= each) throw fail('audit_running');
      change(requester, 1);
      try {
        return await work();
      } finally {
        change(requester, -1);
      }
    },
  };
}
