import { createECDH } from 'node:crypto';
import { CompactEncrypt, importJWK } from 'jose';
import { expect, test } from 'vitest';
import { decryptJwe, deriveContentKey } from '../../src/verifier/decrypt-jwe.ts';

const bytes = (text: string) => Buffer.from(text, 'base64url');

test('RFC 7518 appendix C: agreement between Alice and Bob gives the published key', () => {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(bytes('VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw'));
  const alice = [
    'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
    'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
  ].map(bytes);
  const secret = ecdh.computeSecret(Buffer.concat([Buffer.of(4), ...alice]));
  const key = deriveContentKey(secret, { enc: 'A128GCM', apu: 'QWxpY2U', apv: 'Qm9i' });
  expect(Buffer.from(key).toString('base64url')).toBe('VqqN6vgjbSBcIijNcacQGg');
});

const ecdh = createECDH('prime256v1');
const point = ecdh.generateKeys();
const privateKey = Buffer.concat([Buffer.alloc(32), ecdh.getPrivateKey()]).subarray(-32);
const jwk = {
  kty: 'EC',
  crv: 'P-256',
  x: point.subarray(1, 33).toString('base64url'),
  y: point.subarray(33).toString('base64url'),
};

async function encrypted(header: Record<string, unknown> = {}): Promise<string> {
  return new CompactEncrypt(Buffer.from('hello'))
    .setKeyManagementParameters({ apu: Buffer.from('a'), apv: Buffer.from('b') })
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: 'flow', ...header } as never)
    .encrypt(await importJWK(jwk, 'ECDH-ES'));
}

test('what another library encrypted is opened, with both algorithms', async () => {
  for (const enc of ['A128GCM', 'A256GCM']) {
    expect(Buffer.from(decryptJwe(await encrypted({ enc }), 'flow', privateKey)).toString()).toBe('hello');
  }
});

test('a changed byte anywhere, another kid, a longer form, compression and extensions are refused', async () => {
  const jwe = await encrypted();
  const parts = jwe.split('.');
  for (const index of [0, 2, 3, 4]) {
    const changed = parts.map((part, i) => (i === index ? `${part.slice(0, -2)}AA` : part));
    if (changed.join('.') !== jwe) expect(() => decryptJwe(changed.join('.'), 'flow', privateKey)).toThrow();
  }
  expect(() => decryptJwe(jwe, 'other', privateKey)).toThrow();
  expect(() => decryptJwe(`${jwe}.x`, 'flow', privateKey)).toThrow();
  expect(() => decryptJwe(parts.toSpliced(1, 1, 'AA').join('.'), 'flow', privateKey)).toThrow();
  const header = JSON.parse(bytes(parts[0] ?? '').toString());
  for (const extra of [
    { zip: 'DEF' },
    { crit: ['b64'] },
    { alg: 'dir' },
    { epk: { ...header.epk, y: header.epk.x } },
  ]) {
    const forged = [
      Buffer.from(JSON.stringify({ ...header, ...extra })).toString('base64url'),
      ...parts.slice(1),
    ];
    expect(() => decryptJwe(forged.join('.'), 'flow', privateKey)).toThrow();
  }
});
