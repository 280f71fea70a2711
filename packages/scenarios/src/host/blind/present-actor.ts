import type { Signer } from '@attestel/core';
import type { HostParts } from '../host-parts.ts';
import { listActors } from './common-actor-rows.ts';
import { relationSigner } from './relation-signer.ts';

/** Its line is taken by the ledger now. */
export const isWriter = (
  { view, ledger }: Pick<HostParts, 'view' | 'ledger'>,
  channel: string,
  did: string,
) => view.mayWrite(channel, did, ledger.head().time);

export const isCommon = ({ view }: Pick<HostParts, 'view'>, did: string): boolean =>
  view.commonSince(did) !== undefined;

/** Common DIDs whose lines the ledger takes now, in the order in which they were made. */
export const commonWriters = (
  { view, ledger }: Pick<HostParts, 'view' | 'ledger'>,
  channel: string,
): readonly string[] => view.commonWritersOf(channel, ledger.head().time);

/**
 * In whose name this party writes lines of blind modules in the channel: the newest on the list, since whoever left may
 * have the key of one before it, which nobody may have been able to take off. Undefined: not given yet, or not any more.
 */
export function commonWriter(
  parts: HostParts,
  channel: string,
): { readonly did: string; readonly signer: Signer } | undefined {
  const newest = commonWriters(parts, channel).at(-1);
  const seed = listActors(parts, channel).find(({ did }) => did === newest)?.seed;
  return newest !== undefined && seed ? { did: newest, signer: relationSigner(seed) } : undefined;
}
