import { createPartyAuthenticator } from '@attestel/did';
import { buildInspection, inspectionRoutes } from '@attestel/web';
import { fail } from '../errors.ts';
import type { InspectionConfig } from '../inspection-config.schema.ts';
import type { StartedContracts } from './contracts-role.ts';
import { INSPECTION_MODULE } from './inspection/field-pack.ts';
import { inspectionEndpoints, pairingLink } from './inspection/inspection-endpoints.ts';
import type { Appointment } from './inspection/pairing.schema.ts';
import { createPairing } from './inspection/pairing.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

export interface StartedInspection {
  readonly parts: RoleParts;
  /** An address that pairs one phone with the node, once, and appoints who has it. */
  readonly link: (appointment: Appointment) => Promise<string>;
}

/**
 * The page on which the member's inspectors work, also without a network, and the pairing of their phones.
 * @throws AppError config_invalid for a node that runs no scenarios
 */
export async function inspectionOf(
  { config, ports, resolver }: RoleContext,
  { channel, devices }: InspectionConfig,
  contracts: StartedContracts | undefined,
): Promise<StartedInspection> {
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
  const routes = [
    ...inspectionEndpoints({ ...own, devices, pairing, authenticate, origin }),
    ...inspectionRoutes({ distDir, config: page }),
  ];
  const link = async (appointment: Appointment) =>
    pairingLink(origin, (await pairing.invite(appointment)).code);
  return { link, parts: { routes, stop() {} } };
}
