import { describe, expect, it } from 'vitest';
import { installerOf } from '../../src/node/installer-role.ts';
import type { RoleContext } from '../../src/node/role.ts';

const context = (roles: object, ports: object): RoleContext =>
  ({ config: { roles }, ports }) as unknown as RoleContext;

describe('the installer’s page', () => {
  it.each([
    ['where no proofs are served', { resolver: false }, { policyText: 'quorum own' }],
    ['on a ledger without a policy, by which nothing could be verified', { resolver: true }, {}],
  ])('is not served %s', async (_, roles, ports) => {
    await expect(installerOf(context(roles, ports))).rejects.toMatchObject({
      code: 'config_invalid',
      field: expect.stringMatching(/^roles\.installer/),
    });
  });
});
