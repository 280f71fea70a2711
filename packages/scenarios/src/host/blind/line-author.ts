import type { Signer } from '@attestel/core';
import { fail } from '../../errors.ts';
import type { Module } from '../../module/module.ts';
import type { HostParts } from '../host-parts.ts';
import { commonWriter } from './present-actor.ts';
import { relationSigner } from './relation-signer.ts';

/** Who stands as actor of a line, and what signs it. */
export interface LineAuthor {
  readonly actor: string;
  readonly signers: readonly Signer[];
}

/**
 * The party itself; in a blind module the DID that all members of the channel hold, and the keys of the relations.
 * @throws AppError blind_unavailable where this party does not hold it
 */
export function lineAuthor(
  parts: HostParts,
  { blind = false }: Pick<Module, 'blind'>,
  { channel, relations }: { readonly channel: string; readonly relations: readonly string[] },
): LineAuthor {
  if (!blind) return { actor: parts.party.did, signers: parts.party.signers };
  const common = commonWriter(parts, channel);
  if (!common) throw fail('blind_unavailable');
  return { actor: common.did, signers: [common.signer, ...relations.map(relationSigner)] };
}
