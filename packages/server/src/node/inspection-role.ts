import { createPartyAuthenticator } from '@attestel/did';
import { buildInspection, inspectionRoutes } from '@attestel/web';
import { fail } from '../errors.ts';
import type { InspectionConfig } from '../inspection-config.schema.ts';
import type { StartedContracts } from './contracts-role.ts';
import { INSPECTION_MODULE } from './inspection/field-pack.ts';
import { inspectionEndpoints } from './inspection/inspection-endpoints.ts';
import { createPairing } from './inspection/pairing.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

/**
 * The page on which the member's inspectors work, also without a network, and the pairing of their phones.
 * @throws AppError config_invalid for a node that runs no scenarios
 */
export async function inspectionOf(
  { config, ports, resolver }: RoleContext,
  { channel, devices }: InspectionConfig,
  contracts: StartedContracts | undefined,
): Promise<RoleParts> {
  if (!contracts) throw fail('config_invalid', { field: 'roles.inspection (needs roles.contracts)' });
  const { ledger, party, clock, random } = ports;
  const { host } = contracts;
  const { origin } = config.http;
  const member = identityOf(party).did;
  const own = { host, clock, member, channel };
  const pairing = createPairing({ ...own, ledger, resolver, random, store: party.store });
  const authenticate = createPartyAuthenticator({ resolver, audience: origin, clock });
  const distDir = await buildInspection();
  const page = { audience: origin, member: config.name, channel, module: INSPECTION_MODULE };
  return {
    routes: [
      ...inspectionEndpoints({ ...own, devices, pairing, authenticate, origin }),
      ...inspectionRoutes({ distDir, config: page }),
    ],
    stop() {},
  };
}
