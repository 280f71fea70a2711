/** Runs work alone among all that names one of the same keys, in the order of the calls. */
export interface KeyedLock {
  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
}

export function createKeyedLock(): KeyedLock {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(keys, work) {
      const before = [...new Set(keys)].map((key) => last.get(key));
      // Everything is queued in the same turn, so nobody waits for who waits for him.
      const done = Promise.all(before).then(work);
      const settled = done.then(
        () => {},
        () => {},
      );
      for (const key of keys) last.set(key, settled);
      void settled.then(() => {
        for (const key of keys) if (last.get(key) === settled) last.delete(key);
      });
      return done;
    },
  };
}
