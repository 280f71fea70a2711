import type { JsonValue } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { fail } from '../../errors.ts';
import type { LoadedObject } from '../commands/load-objects.ts';
import type { HostParts } from '../host-parts.ts';
import type { Kept } from '../payload/payload.schema.ts';
import { askToSign } from './ask-to-sign.ts';

export interface Cosigning {
  readonly channel: string;
  /** Signed by this party. */
  readonly operation: Operation;
  readonly kept: Kept;
  readonly objects: readonly LoadedObject[];
}

/**
 * Asks other parties of an object to sign too, where one signature does not do: it is disputed, or somebody is to move
 * it whom its rule does not name. @throws AppError disputed, cosignature_missing
 */
export async function cosigned(parts: HostParts, cosigning: Cosigning): Promise<Operation> {
  const { channel, kept } = cosigning;
  let { operation } = cosigning;
  for (const { onLedger, needed } of neededBy(cosigning)) {
    for (const did of onLedger.rule.dids) {
      if (did === parts.party.did || operation.signatures.length >= needed) continue;
      const parcel = { kind: 'cosign', channel, kept: kept as unknown as JsonValue };
      operation = await askToSign(parts, { to: did, operation, parcel });
    }
    if (operation.signatures.length < needed)
      throw fail(onLedger.dispute ? 'disputed' : 'cosignature_missing');
  }
  return operation;
}

/** Objects of whose parties more than the one that acts have to sign. */
function neededBy({ operation, objects }: Cosigning) {
  const heads = operation.payload.body.heads as unknown as readonly { readonly rule: unknown }[];
  return objects.flatMap(({ onLedger }, i) => {
    if (!onLedger || (!onLedger.dispute && heads[i]?.rule === null)) return [];
    const needed = onLedger.rule.resolution;
    return needed > 1 ? [{ onLedger, needed }] : [];
  });
}
