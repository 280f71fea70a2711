import { createPartyAuthenticator } from '@attestel/did';
import {
  createPki,
  createPublisher,
  createSightingDesk,
  ensureTokenKey,
  type Publisher,
  pkiSubmitRoutes,
  sightingsEndpoint,
} from '@attestel/pki';
import type { PkiConfig } from '../pki-config.schema.ts';
import { type FrontEnds, openFrontEnds } from './pki-front-ends.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

export interface StartedPki {
  readonly parts: RoleParts;
  readonly publisher: Publisher;
  readonly frontEnds: FrontEnds;
}

/**
 * Publishes certificates in the member's name, for its own lines and registration authorities; issues them and answers
 * for them, as far as the configuration says.
 */
export async function startPki(context: RoleContext, role: PkiConfig): Promise<StartedPki> {
  const { config, ports, resolver } = context;
  const { party, ledger, clock, random } = ports;
  const identity = identityOf(party);
  const [pki, tokenKey] = [createPki(ledger), await ensureTokenKey(party.keyStore)];
  const signer = await party.keyStore.signer(identity.ledgerKey);
  const member = { ledger, pki, did: identity.did, signer, clock };
  const publisher = createPublisher({ ...member, tokenKey, random });
  const desk = createSightingDesk({ ...member, logger: ports.logger });
  const authenticate = createPartyAuthenticator({ resolver, audience: config.http.origin, clock });
  const allowed = new Set([identity.did, ...role.publishers]);
  const frontEnds = await openFrontEnds(context, role, { pki, publisher, tokenKey });
  const routes = [
    ...pkiSubmitRoutes({ publisher, authenticate, mayPublish: (did) => allowed.has(did) }),
    sightingsEndpoint({ desk, authenticate, mayReport: (did) => allowed.has(did) }),
    ...frontEnds.routes,
  ];
  const { listeners = [], servers = [] } = frontEnds;
  return { publisher, frontEnds, parts: { routes, listeners, servers, stop: desk.stop } };
}
