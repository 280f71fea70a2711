import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createAccounts } from '../../src/node/pki-accounts.ts';

test('an account is known by its own password, and by no other; nobody by any', async () => {
  const salt = Buffer.alloc(16, 3);
  const hash = scryptSync('secret', salt, 32, { N: 16_384, r: 8, p: 1 });
  const password = `scrypt:${salt.toString('hex')}:${hash.toString('hex')}`;
  const check = createAccounts([{ name: 'installer', password }]);
  expect(await check('installer', 'secret')).toBe(true);
  expect(await check('installer', 'Secret')).toBe(false);
  expect(await check('installer', '')).toBe(false);
  expect(await check('somebody', 'secret')).toBe(false);
});
