import { PHONE_NUMBER_VCT } from '@attestel/credentials';
import { createPartyAuthenticator } from '@attestel/did';
import { createIssuer, sampleSubscribers } from '@attestel/openid/issuer';
import type { NodeConfig } from '../config.schema.ts';
import { identityOf, type RoleContext } from './role.ts';

/** An operator that issues cards to its subscribers. */
export async function startIssuer(context: RoleContext, role: NonNullable<NodeConfig['roles']['issuer']>) {
  const { config, ports, resolver, registry } = context;
  const identity = identityOf(ports.party);
  const issuer = await createIssuer({
    issuerUrl: config.http.origin,
    party: { did: identity.did, kid: identity.kid, x5c: identity.certificates, name: config.name },
    signer: await ports.party.keyStore.signer(identity.assertionKey),
    keyStore: ports.party.keyStore,
    store: ports.party.store,
    registry,
    resolver,
    clock: ports.clock,
    random: ports.random,
    logger: ports.logger,
    vct: PHONE_NUMBER_VCT,
    walletUrl: role.walletUrl,
    demo: role.demo !== undefined,
    statusListSize: role.statusListSize,
    rebindingSeconds: Math.round(role.rebindingHours * 3600),
    quarantineSeconds: Math.round(role.quarantineDays * 86_400),
    authenticate: createPartyAuthenticator({
      resolver,
      audience: config.http.origin,
      clock: ports.clock,
      // The operator itself stays able to suspend and revoke, whatever the consortium thinks of it.
      isActive: (did) => did === identity.did || (registry.member(did)?.status ?? 'active') === 'active',
    }),
    deskDids: [identity.did, ...role.deskDids],
  });
  if (role.demo)
    await issuer.subscribers.seed(
      sampleSubscribers({
        seed: String(role.demo.seed),
        operator: config.instance,
        count: role.demo.subscribers,
      }),
    );
  await issuer.start();
  return { issuer, parts: { routes: issuer.routes, stop: () => issuer.stop() } };
}
