import { createHash } from 'node:crypto';
import { disclosedClaims } from '@attestel/credentials/holder';
import { describe, expect, test } from 'vitest';
import { jws } from '../../../../conformance/vectors/sd-jwt/build.ts';
import { parseDisclosure } from '../../src/sd-jwt/disclosure.ts';

// Values published in RFC 9901.

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');

describe('RFC 9901 §4.2.1 and §4.2.3: one claim, many spellings', () => {
  const spellings = [
    'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0',
    'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd',
    'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd',
    'WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ',
  ];

  test.each(spellings)('%s', (encoded) => {
    expect(parseDisclosure(encoded)).toMatchObject({ name: 'family_name', value: 'Möbius' });
  });

  test('the digest is taken over the characters as sent', () => {
    expect(digest(spellings[0] as string)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0');
  });

  test('§4.2.2: an array element', () => {
    const encoded = 'WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0';
    expect(parseDisclosure(encoded)).toMatchObject({ name: undefined, value: 'FR' });
    expect(digest(encoded)).toBe('w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs');
  });
});

describe('RFC 9901 §6: an address, structured and recursive', () => {
  const parts = [
    'WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgInN0cmVldF9hZGRyZXNzIiwgIlNjaHVsc3RyLiAxMiJd',
    'WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImxvY2FsaXR5IiwgIlNjaHVscGZvcnRhIl0',
    'WyI2SWo3dE0tYTVpVlBHYm9TNXRtdlZBIiwgInJlZ2lvbiIsICJTYWNoc2VuLUFuaGFsdCJd',
    'WyJlSThaV205UW5LUHBOUGVOZW5IZGhRIiwgImNvdW50cnkiLCAiREUiXQ',
  ];
  const digests = [
    '9gjVuXtdFROCgRrtNcGUXmF65rdezi_6Er_j76kmYyM',
    '6vh9bq-zS4GKM_7GpggVbYzzu6oOGXrmNVGPHP75Ud0',
    'KURDPh4ZC19-3tiz-Df39V8eidy1oV3a3H1Da2N0g88',
    'WN9r9dCBJ8HTCsS2jKASxTjEyW5m5x65_Z_2ro2jfXM',
  ];
  const address = {
    street_address: 'Schulstr. 12',
    locality: 'Schulpforta',
    region: 'Sachsen-Anhalt',
    country: 'DE',
  };
  const sdJwt = (payload: object, disclosures: readonly string[]) =>
    `${[jws({}, payload, () => Buffer.alloc(64)), ...disclosures].join('~')}~`;

  test('the digests are those of the disclosures', () => {
    expect(parts.map(digest)).toEqual(digests);
  });

  test('§6.2', async () => {
    const payload = { address: { _sd: digests }, _sd_alg: 'sha-256' };
    expect(await disclosedClaims(sdJwt(payload, parts))).toEqual({ address });
    expect(await disclosedClaims(sdJwt(payload, [parts[3] as string]))).toEqual({
      address: { country: 'DE' },
    });
    expect(await disclosedClaims(sdJwt(payload, []))).toEqual({ address: {} });
  });

  test('§6.3', async () => {
    const inner = JSON.stringify({ _sd: [digests[1], digests[0], digests[2], digests[3]] })
      .replaceAll(':', ': ')
      .replaceAll(',', ', ');
    const outer = Buffer.from(`["Qg_O64zqAxe412a108iroA", "address", ${inner}]`).toString('base64url');
    expect(digest(outer)).toBe('HvrKX6fPV0v9K_yCVFBiLFHsMaxcD_114Em6VT8x1lg');
    const payload = { _sd: [digest(outer)], _sd_alg: 'sha-256' };
    expect(await disclosedClaims(sdJwt(payload, [...parts, outer]))).toEqual({ address });
  });
});
