import type { Ledger } from '@attestel/ledger';

/** Strangers may ask for whatever they like. */
const MAX_NAMES = 1000;

/**
 * What was read of the ledger's state, kept until its log grows: all of the state comes from entries. Commands that
 * run side by side ask for the same again and again.
 */
export function untilNextEntry<T>(
  ledger: Pick<Ledger, 'head'>,
  read: (name: string) => T,
): (name: string) => T {
  let known = new Map<string, T>();
  let size = -1;
  return (name) => {
    const now = ledger.head().size;
    if (now !== size || known.size === MAX_NAMES) known = new Map();
    size = now;
    if (known.has(name)) return known.get(name) as T;
    const found = read(name);
    known.set(name, found);
    return found;
  };
}
