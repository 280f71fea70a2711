import { describe, expect, it } from 'vitest';
import { contractsConfigSchema } from '../src/contracts-config.schema.ts';

const HOOK = { id: 'erp', url: 'https://erp.example/events' };
const faultsOf = (...webhooks: object[]) =>
  contractsConfigSchema
    .safeParse({ webhooks })
    .error?.issues.map(({ path, message }) => `/${path.join('/')} ${message}`) ?? [];

describe('webhooks of a node', () => {
  it.each([[HOOK], [{ ...HOOK, url: 'http://localhost:4000/x' }], [{ ...HOOK, url: 'http://[::1]:4000/x' }]])(
    'are taken: %j',
    (hook) => expect(faultsOf(hook)).toEqual([]),
  );

  it.each([
    ['an address that others on the way read', [{ ...HOOK, url: 'http://erp.example/' }], 'must be https'],
    ['one that is none', [{ ...HOOK, url: 'erp' }], '/webhooks/0/url'],
    ['one of another scheme', [{ ...HOOK, url: 'file:///etc/passwd' }], 'must be https'],
    ['a password in it', [{ ...HOOK, url: 'https://a:b@erp.example/' }], 'must name no user'],
    ['two of one id', [HOOK, HOOK], 'must not repeat an id'],
    ['an unknown field', [{ ...HOOK, secret: 'x' }], '/webhooks/0'],
  ])('are refused with %s', (_, hooks, says) => {
    expect(faultsOf(...hooks).join()).toContain(says);
    expect(faultsOf(...hooks).join()).not.toContain('a:b');
  });
});
