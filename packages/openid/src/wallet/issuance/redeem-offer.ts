import { equalBytes, isAppError, multikeyFromJwk } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import { Openid4vciClient } from '@openid4vc/openid4vci';
import { sweepKeys } from '../cards/card-book.ts';
import { fail } from '../errors.ts';
import { createProtocolCallbacks, type ProtocolPorts } from '../protocol-callbacks.ts';
import { peekPayload } from '../signed-by-did.ts';
import type { ReceiveStep } from '../types.ts';
import { type FlowKey, type FlowPorts, makeHolderKeys } from './flow-keys.ts';
import { operatorKey } from './operator-key.ts';
import { requestCredentials } from './request-credentials.ts';
import { checkPin, requestToken } from './request-token.ts';
import type { ResolvedOffer } from './resolve-offer.ts';
import { type ReceivedCredential, verifyCredential } from './verify-received.ts';

export interface RedeemPorts extends ProtocolPorts, FlowPorts {
  readonly resolver: DidResolver;
}

export interface RedeemOptions {
  readonly txCode?: string | undefined;
  readonly copies: number;
  readonly onStep: (step: ReceiveStep) => void;
}

/** A verified credential with the key it is bound to. */
export interface BoundCredential extends ReceivedCredential {
  readonly keyRef: string;
}

/** What an issuance leaves to be stored; whoever stores it deletes `issuanceId` in the same write. */
export interface Issuance {
  readonly issuanceId: string;
  readonly credentials: readonly BoundCredential[];
}

/**
 * Redeems an offer: keys, token, nonce, one request with a proof per copy, then every copy verified.
 * Stores nothing but the names of the keys.
 */
export async function redeemOffer(
  resolved: ResolvedOffer,
  ports: RedeemPorts,
  options: RedeemOptions,
): Promise<Issuance> {
  checkPin(resolved.pin, options.txCode);
  options.onStep('keys');
  const dpopKey = await operatorKey(resolved.operator.issuerUrl, ports);
  const count = Math.min(options.copies, resolved.batchSize);
  const { issuanceId, keys: holderKeys } = await makeHolderKeys(count, ports);
  const refs = new Map([dpopKey, ...holderKeys].map((key) => [key.jwk.x, key.ref]));
  const client = new Openid4vciClient({ callbacks: createProtocolCallbacks(ports, refs) });
  try {
    options.onStep('authorise');
    const token = await requestToken(client, resolved, dpopKey, options.txCode);
    options.onStep('issue');
    const received = await requestCredentials(client, resolved, { ...token, dpopKey, holderKeys });
    options.onStep('verify');
    const credentials = await verifyAll(received, holderKeys, resolved, ports);
    const bound = new Set(credentials.map((credential) => credential.keyRef));
    for (const key of holderKeys) if (!bound.has(key.ref)) await ports.keys.destroy(key.ref);
    return { issuanceId, credentials };
  } catch (error) {
    // What cannot be cleared now is in the note and is swept later; the person needs the first error.
    await sweepKeys({ id: issuanceId, keyRefs: holderKeys.map((key) => key.ref) }, ports).catch(
      () => undefined,
    );
    throw isAppError(error) ? error : fail('issuer_metadata_invalid', { cause: error });
  }
}

async function verifyAll(
  received: readonly unknown[],
  keys: readonly FlowKey[],
  resolved: ResolvedOffer,
  ports: RedeemPorts,
): Promise<BoundCredential[]> {
  if (received.length === 0 || received.length > keys.length) throw fail('credential_invalid');
  const left = [...keys];
  const bound: BoundCredential[] = [];
  for (const sdJwt of received) {
    // OID4VCI 1.0 §8.3: each key binds at most one credential; no order is promised.
    const at = left.findIndex((key) => names(sdJwt, key));
    const [key] = at < 0 ? [] : left.splice(at, 1);
    if (key === undefined) throw fail('credential_invalid', { field: 'cnf' });
    const expected = { operator: resolved.operator, vct: resolved.vct, key: key.jwk };
    bound.push({ ...(await verifyCredential(sdJwt, expected, ports)), keyRef: key.ref });
  }
  return bound;
}

/** True when the unverified credential names this key; {@link verifyCredential} decides. */
function names(sdJwt: unknown, key: FlowKey): boolean {
  try {
    const { cnf } = peekPayload(String(sdJwt).split('~', 1)[0] as string);
    return equalBytes(multikeyFromJwk((cnf as { jwk: object }).jwk), multikeyFromJwk(key.jwk));
  } catch {
    return false;
  }
}
