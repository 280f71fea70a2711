import { buildInstaller, installerRoutes } from '@attestel/web';
import { fail } from '../errors.ts';
import type { RoleContext, RoleParts } from './role.ts';

/**
 * The page on which an installer checks a device. Its proofs are those that the resolver role serves.
 * @throws AppError config_invalid for a node without that role, or on a ledger without a policy
 */
export async function installerOf({ config, ports }: RoleContext): Promise<RoleParts> {
  const policy = ports.policyText;
  if (!config.roles.resolver)
    throw fail('config_invalid', { field: 'roles.installer (needs roles.resolver)' });
  if (policy === undefined)
    throw fail('config_invalid', { field: 'roles.installer (the ledger has no policy)' });
  const distDir = await buildInstaller();
  return { routes: installerRoutes({ distDir, config: { policy } }), stop() {} };
}
