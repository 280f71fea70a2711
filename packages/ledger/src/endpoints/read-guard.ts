import type { Bytes, HttpRequest } from '@attestel/core';
import { fail } from '../errors.ts';
import { decodeLeaf } from '../log/leaf.ts';
import { MAIN_NAMESPACE } from '../state/rules.ts';

/** Whether a caller may read what stands in a namespace; asked again for each entry, so that it may change meanwhile. */
export type MayRead = (ns: string) => boolean;

/**
 * Who may read what over HTTP. Hashes, checkpoints and consistency are for everybody, so that anybody can watch
 * the log; what it says in a namespace is for those who may read there.
 */
export interface ReadGuard {
  /** @throws AppError for credentials that are no good */
  readerOf(request: HttpRequest): Promise<MayRead>;
  /** Namespace that a key of the state belongs to. */
  namespaceOf(module: string, key: string): string;
}

const everything: MayRead = () => true;

/** For a ledger that keeps nothing but `main`. */
export const OPEN_TO_ALL: ReadGuard = {
  readerOf: async () => everything,
  namespaceOf: () => MAIN_NAMESPACE,
};

/** Block leaves say nothing of any channel. */
export function mayReadLeaf(mayRead: MayRead, bytes: Bytes): boolean {
  if (mayRead === everything) return true; // without parsing it
  const leaf = decodeLeaf(bytes);
  return leaf.kind === 'block' || mayRead(leaf.operation.payload.ns);
}

/** @throws AppError entry_withheld */
export function assertReadable(isReadable: boolean): void {
  if (!isReadable) throw fail('entry_withheld');
}
