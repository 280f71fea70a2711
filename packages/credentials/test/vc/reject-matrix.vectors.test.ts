import { describe, expect, test } from 'vitest';
import { readVectors, refusal, type Vector, verifyVector } from '../vectors.ts';

const { reject, parameters } = readVectors<{ reject: (Vector & { error: string })[] }>('reject.json');
const { accept } = readVectors<{ accept: (Vector & { claims: object })[] }>('accept.json');

describe('RFC 9901 and SD-JWT VC: a verifier refuses', () => {
  test.each(reject)('$id [$clause] with $error', async ({ text, error }) => {
    expect(await refusal(verifyVector(text, parameters))).toBe(error);
  });

  test('every id once', () => {
    expect(new Set(reject.map(({ id }) => id)).size).toBe(reject.length);
  });
});

describe('RFC 9901 and SD-JWT VC: a verifier accepts', () => {
  test.each(accept)('$id [$clause]', async ({ text, claims }) => {
    const verified = await verifyVector(text, parameters);
    const { vct, iss, iat, exp, nbf, cnf, status, ...others } = verified.claims;
    expect(others).toEqual(claims);
    expect(verified).toMatchObject({ issuerDid: parameters.issuerDid, issuer: parameters.issuer, vct });
    expect({ iss, cnf: { jwk: verified.cnfJwk }, iat, exp }).toMatchObject({
      iss: parameters.issuer,
      cnf,
      iat: verified.issuedAt,
      exp: verified.expiresAt,
    });
    expect(status).toEqual({ status_list: { idx: 7, uri: `${parameters.issuer}/status-lists/1` } });
  });
});
