import { type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { fromHex } from '@attestel/core';
import type { CheckAccount } from '@attestel/pki';

const COST = { N: 16_384, r: 8, p: 1 } as const;
const HASH_BYTES = 32;

/** Checks names and passwords against `scrypt:SALT:HASH` of the configuration. */
export function createAccounts(
  accounts: readonly { readonly name: string; readonly password: string }[],
): CheckAccount {
  const known = new Map(accounts.map(({ name, password }) => [name, password]));
  // Who asks for a name that does not exist shall not learn that by the time it takes.
  const nobody = `scrypt:${'00'.repeat(16)}:${'00'.repeat(HASH_BYTES)}`;
  return async (name, password) => {
    const [, salt = '', hash = ''] = (known.get(name) ?? nobody).split(':');
    const found = await derive(password, fromHex(salt));
    return timingSafeEqual(found, fromHex(hash)) && known.has(name);
  };
}

const derive = (password: string, salt: Uint8Array, options: ScryptOptions = COST): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key))),
  );
