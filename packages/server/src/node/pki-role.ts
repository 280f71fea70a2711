import { createPartyAuthenticator } from '@attestel/did';
import { createPki, createPublisher, ensureTokenKey, type Publisher, pkiSubmitRoutes } from '@attestel/pki';
import type { NodeConfig } from '../config.schema.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

/** Publishes certificates in the member's name, for its own lines and registration authorities. */
export async function startPki(
  { config, ports, resolver }: RoleContext,
  role: NonNullable<NodeConfig['roles']['pki']>,
): Promise<{ readonly parts: RoleParts; readonly publisher: Publisher }> {
  const { party, ledger, clock, random } = ports;
  const identity = identityOf(party);
  const publisher = createPublisher({
    ...{ ledger, pki: createPki(ledger), did: identity.did, clock, random },
    signer: await party.keyStore.signer(identity.ledgerKey),
    tokenKey: await ensureTokenKey(party.keyStore),
  });
  const authenticate = createPartyAuthenticator({ resolver, audience: config.http.origin, clock });
  const allowed = new Set([identity.did, ...role.publishers]);
  const routes = pkiSubmitRoutes({ publisher, authenticate, mayPublish: (did) => allowed.has(did) });
  return { publisher, parts: { routes, stop() {} } };
}
