import { setTimeout as wait } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** Tries again until it works: what a bridge knows of a status list is some tenths of a second old. */
export async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await wait(200);
    }
  }
}
