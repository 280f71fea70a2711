import { type DidDocument, firstDocument } from '@attestel/did';
import type { Ledger } from '@attestel/ledger';

/** Strangers may be listed by whoever governs a channel. */
const MAX_DIDS = 1000;

/**
 * Place in the log at which a DID began of the kind in whose name blind lines are written: one key that acts on the
 * ledger, nothing else. Undefined: another one, or nobody knows. What it began as counts, since who kept the keys that
 * change such a DID could make it look like somebody later.
 */
export function createCommonDids(ledger: Pick<Ledger, 'state' | 'attachment' | 'indexOf'>) {
  // How a DID began never changes.
  const known = new Map<string, number | undefined>();
  return (did: string): number | undefined => {
    if (known.has(did)) return known.get(did);
    const first = firstDocument(ledger, did);
    if (!first) return undefined;
    const index = hasKeyAlone(first.document) ? ledger.indexOf(first.operation) : undefined;
    if (known.size === MAX_DIDS) known.clear();
    known.set(did, index);
    return index;
  };
}

/** Nobody can prove over the network to be such a DID: it is no receiver of anything. */
const hasKeyAlone = (document: DidDocument): boolean =>
  document.verificationMethod.length === 1 &&
  document.capabilityInvocation?.length === 1 &&
  !document.authentication &&
  !document.assertionMethod &&
  !document.capabilityDelegation &&
  !document.service;
