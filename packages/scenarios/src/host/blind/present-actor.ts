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

/**
 * In whose name this party writes lines of blind modules in the channel; of several, as while one takes the place of
 * another, any. Undefined: not yet, or not any more.
 */
export function commonWriter(
  parts: HostParts,
  channel: string,
): { readonly did: string; readonly signer: Signer } | undefined {
  for (const { did, seed } of listActors(parts, channel))
    if (seed !== null && isWriter(parts, channel, did)) return { did, signer: relationSigner(seed) };
  return undefined;
}
