/** What was opened, to be closed in the opposite order: at the end, or where a later step of a start fails. */
export interface Closers {
  add(close: () => Promise<unknown>): void;
  /** Everything, once, even where one of them fails. @throws what the first one that failed threw */
  close(): Promise<void>;
}

export function createClosers(): Closers {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    add: (close) => void closers.push(close),
    async close() {
      const faults: unknown[] = [];
      for (const close of closers.splice(0).reverse()) {
        await close().catch((error: unknown) => faults.push(error));
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}

/**
 * A start that leaves nothing open where it fails: what it opened by then is closed, and what broke it is thrown, not
 * what closing makes of that.
 */
export async function startWhole<T>(start: (opened: Closers) => Promise<T>): Promise<T> {
  const opened = createClosers();
  try {
    return await start(opened);
  } catch (error) {
    await opened.close().catch(() => {});
    throw error;
  }
}
