import { createHash } from 'node:crypto';
import { multikeyToJwk } from '@attestel/core';
import {
  issueSdJwtVc,
  issueSdJwtVcBatch,
  PHONE_NUMBER_VCT,
  parseSdJwtVc,
  validityWindow,
  verifyIssuerSignedSdJwt,
} from '@attestel/credentials';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  CLAIMS,
  type Consortium,
  DAY,
  issueTo,
  NOW,
  newConsortium,
  newSigner,
  testClock,
} from '../fixtures.ts';

let consortium: Consortium;
beforeAll(async () => {
  consortium = await newConsortium(1);
});
const operator = () => consortium.operators[0] as Consortium['operators'][number];

describe('issuing an SD-JWT VC', () => {
  test('the header names type, key and certificate, and nothing about the holder', async () => {
    const { issuerSigned } = parseSdJwtVc(await issueTo(operator(), await newSigner()));
    expect(issuerSigned.header).toEqual({
      alg: 'ES256',
      typ: 'dc+sd-jwt',
      kid: operator().kid,
      x5c: operator().x5c.map((der) => Buffer.from(der).toString('base64')),
    });
  });

  test('in the clear stand vct, iss, iat, exp, cnf and status, and nothing else', async () => {
    const { issuerSigned, disclosures } = parseSdJwtVc(await issueTo(operator(), await newSigner()));
    expect(Object.keys(issuerSigned.payload).sort()).toEqual(
      ['_sd', '_sd_alg', 'cnf', 'exp', 'iat', 'iss', 'status', 'vct'].sort(),
    );
    expect(Object.fromEntries(disclosures.map(({ name, value }) => [name, value]))).toEqual(CLAIMS);
  });

  test('digests are those of the disclosures, sorted, with decoys among them', async () => {
    const sdJwt = await issueTo(operator(), await newSigner(), { decoys: 3 });
    const { issuerSigned, disclosures } = parseSdJwtVc(sdJwt);
    const digests = issuerSigned.payload._sd as string[];
    expect(digests).toHaveLength(disclosures.length + 3);
    expect(digests).toEqual([...digests].sort());
    for (const { encoded } of disclosures) {
      expect(digests).toContain(createHash('sha256').update(encoded).digest('base64url'));
    }
  });

  test('each disclosure has a salt of its own of 128 bits, new in each copy', async () => {
    const holder = await newSigner();
    const salts = new Set<string>();
    for (let copy = 0; copy < 3; copy++) {
      const { disclosures } = parseSdJwtVc(await issueTo(operator(), holder));
      for (const { encoded } of disclosures) {
        const [salt] = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as [string];
        expect(Buffer.from(salt, 'base64url')).toHaveLength(16);
        salts.add(salt);
      }
    }
    expect(salts.size).toBe(3 * Object.keys(CLAIMS).length);
  });

  test('cnf.jwk is rebuilt from the members that define the key', async () => {
    const jwk = multikeyToJwk((await newSigner()).publicKey);
    const proofKey = { ...jwk, kid: 'phone-7', use: 'sig', alg: 'ES256', ext: true };
    const { issuerSigned } = parseSdJwtVc(await issueTo(operator(), await newSigner(), { cnfJwk: proofKey }));
    expect(issuerSigned.payload.cnf).toEqual({ jwk });
  });

  test('members of a status beyond idx and uri do not get in', async () => {
    const status = { status_list: { idx: 1, uri: 'https://op0.example/status-lists/1', person: 'x' } };
    const { issuerSigned } = parseSdJwtVc(
      await issueTo(operator(), await newSigner(), { claims: { status } }),
    );
    expect(JSON.stringify(issuerSigned.payload)).not.toContain('person');
  });

  test('without selectively disclosable claims there is no _sd [SD-JWT VC §2.2.2.4]', async () => {
    const { issuerSigned, disclosures } = parseSdJwtVc(
      await issueTo(operator(), await newSigner(), { disclosable: {} }),
    );
    expect(disclosures).toEqual([]);
    expect(issuerSigned.payload).not.toHaveProperty('_sd');
    expect(issuerSigned.payload).not.toHaveProperty('_sd_alg');
  });

  test.each(['iss', 'exp', 'cnf', 'vct', 'status', 'nbf', 'iat', '_sd', '...', '_sd_alg', '__proto__'])(
    'the caller cannot hide %s',
    async (name) => {
      const disclosable = Object.fromEntries([[name, 1]]);
      await expect(issueTo(operator(), await newSigner(), { disclosable })).rejects.toThrow(TypeError);
    },
  );

  test('refuses to bind to a private key', async () => {
    const cnfJwk = { ...multikeyToJwk((await newSigner()).publicKey), x: 'short' };
    await expect(issueTo(operator(), await newSigner(), { cnfJwk })).rejects.toMatchObject({
      code: 'cnf_malformed',
    });
  });

  test('an injected source of randomness makes all salts', async () => {
    const options = { random: { bytes: (n: number) => new Uint8Array(n).fill(7) } };
    const sdJwt = await issueTo(operator(), await newSigner(), {
      ...options,
      disclosable: { country: 'ZZ' },
    });
    expect(sdJwt.split('~')[1]).toBe(
      Buffer.from(`["${Buffer.alloc(16, 7).toString('base64url')}","country","ZZ"]`).toString('base64url'),
    );
  });

  test('Ed25519 issuers say EdDSA', async () => {
    const signer = await newSigner('EdDSA');
    const { issuerSigned } = parseSdJwtVc(await issueTo(operator(), await newSigner(), { signer }));
    expect(issuerSigned.header.alg).toBe('EdDSA');
    expect(issueSdJwtVc).toBeTypeOf('function');
  });
});

describe('issuing a batch', () => {
  const list = (idx: number) => ({ status_list: { idx, uri: 'https://op0.example/status-lists/1' } });
  const batchFor = async (count: number) => {
    const { kid, x5c, signer, url } = operator();
    const keys = await Promise.all(Array.from({ length: count }, () => newSigner()));
    const jwks = keys.map((key) => multikeyToJwk(key.publicKey));
    const copies = jwks.map((cnfJwk, i) => ({ cnfJwk, status: list(i) }));
    const claims = { vct: PHONE_NUMBER_VCT, iss: url, iat: NOW - DAY, exp: NOW + DAY };
    const issued = await issueSdJwtVcBatch({ kid, x5c, signer, claims, disclosable: CLAIMS, copies });
    return { issued, jwks };
  };

  test('gives every key a copy of its own, in order, that verifies', async () => {
    const { issued, jwks } = await batchFor(5);
    expect(issued).toHaveLength(5);
    for (const [i, sdJwt] of issued.entries()) {
      const verified = await verifyIssuerSignedSdJwt({
        sdJwt,
        clock: testClock(),
        vcts: [PHONE_NUMBER_VCT],
        issuerKeys: async () => ({ key: operator().signer.publicKey, did: operator().did }),
      });
      expect(verified).toMatchObject({ cnfJwk: jwks[i], status: { idx: i }, claims: CLAIMS });
    }
  });

  test('lets copies share nothing but what they say: no salt, no digest, no signature', async () => {
    const { issued } = await batchFor(5);
    const parts = issued.flatMap((sdJwt) => sdJwt.slice(0, -1).split('~'));
    const parsed = issued.map(parseSdJwtVc);
    const digests = parsed.flatMap(({ issuerSigned }) => issuerSigned.payload._sd as string[]);
    expect(new Set(parts).size).toBe(parts.length);
    expect(new Set(digests).size).toBe(5 * Object.keys(CLAIMS).length);
  });

  test('of no keys is empty', async () => {
    expect((await batchFor(0)).issued).toEqual([]);
  });

  test('fails as a whole where one key is no key', async () => {
    const { kid, x5c, signer, url } = operator();
    const good = multikeyToJwk((await newSigner()).publicKey);
    const claims = { vct: PHONE_NUMBER_VCT, iss: url, iat: NOW - DAY, exp: NOW + DAY };
    const copies = [good, { ...good, x: 'short' }].map((cnfJwk, i) => ({ cnfJwk, status: list(i) }));
    await expect(
      issueSdJwtVcBatch({ kid, x5c, signer, claims, disclosable: CLAIMS, copies }),
    ).rejects.toMatchObject({ code: 'cnf_malformed' });
  });
});

describe('the header', () => {
  test('shows a renewed certificate at once, also one that was put where the old one stood', async () => {
    const x5c = [Uint8Array.of(0x30, 1)];
    const certificateOf = async () =>
      parseSdJwtVc(await issueTo(operator(), await newSigner(), { x5c })).issuerSigned.header.x5c;
    expect(await certificateOf()).toEqual(['MAE=']);
    (x5c[0] as Uint8Array)[1] = 2;
    expect(await certificateOf()).toEqual(['MAI=']);
    x5c[0] = Uint8Array.of(0x30, 3, 4);
    expect(await certificateOf()).toEqual(['MAME']);
    x5c.push(Uint8Array.of(0x30));
    expect(await certificateOf()).toEqual(['MAME', 'MA==']);
  });

  test('is right for more issuers than are remembered, in any order', async () => {
    for (const i of [...Array(40).keys(), ...Array(40).keys()]) {
      const kid = `${operator().did}#key-${i}`;
      const { issuerSigned } = parseSdJwtVc(await issueTo(operator(), await newSigner(), { kid }));
      expect(issuerSigned.header.kid).toBe(kid);
    }
  });
});

describe('validity window', () => {
  test('starts at midnight UTC and lasts whole days', () => {
    const { iat, exp } = validityWindow({ clock: testClock(NOW + 12_345), days: 14 });
    expect(iat % DAY).toBe(0);
    expect(exp - iat).toBe(14 * DAY);
    expect(iat).toBeLessThanOrEqual(NOW + 12_345);
    expect(NOW + 12_345 - iat).toBeLessThan(DAY);
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses %d days', (days) => {
    expect(() => validityWindow({ clock: testClock(), days })).toThrow(TypeError);
  });
});
