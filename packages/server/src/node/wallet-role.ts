import { buildWallet, walletRoutes } from '@attestel/web';
import type { NodeConfig } from '../config.schema.ts';
import type { RoleContext, RoleParts } from './role.ts';

/** The wallet as a page. */
export async function walletOf(
  { config, ports }: RoleContext,
  role: NonNullable<NodeConfig['roles']['wallet']>,
): Promise<RoleParts> {
  const distDir = await buildWallet();
  return {
    routes: walletRoutes({
      distDir,
      config: {
        endpoint: role.endpoint,
        operators: role.operators,
        network: config.network,
        policy: ports.policyText,
      },
    }),
    stop() {},
  };
}
