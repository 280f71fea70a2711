import { readdirSync, readFileSync } from 'node:fs';
import { multikeyFromJwk, type PublicJwk } from '@attestel/core';
import { verifyVc } from '@attestel/credentials';
import { describe, expect, test } from 'vitest';
import { refusalOf } from '../fixtures.ts';

const FOLDER = new URL('../../../../conformance/vectors/vc-jwt/', import.meta.url);

interface Vector {
  readonly id: string;
  readonly clause: string;
  readonly text: string;
}

interface Vectors<T> {
  readonly parameters: {
    readonly at: number;
    readonly type: string;
    readonly issuer: string;
    readonly kid: string;
    readonly issuerJwk: PublicJwk;
  };
  readonly accept: readonly (Vector & T)[];
  readonly reject: readonly (Vector & T)[];
}

const read = <T>(name: string): Vectors<T> =>
  JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Vectors<T>;

const { reject, parameters } = read<{ readonly error: string }>('reject.json');
const { accept } = read<{ readonly claims: object }>('accept.json');

const verify = (text: string) =>
  verifyVc({
    vc: text,
    at: parameters.at,
    types: [parameters.type],
    findKey: async (issuer, kid) => {
      expect([issuer, kid]).toEqual([parameters.issuer, parameters.kid]);
      return multikeyFromJwk(parameters.issuerJwk);
    },
  });

describe('VCDM 2.0 and VC-JOSE-COSE: a verifier', () => {
  test.each(reject)('refuses $id [$clause] with $error', async ({ text, error }) => {
    expect(await refusalOf(() => verify(text))).toBe(error);
  });

  test.each(accept)('accepts $id [$clause]', async ({ text, claims }) => {
    expect(await verify(text)).toMatchObject(claims);
  });

  test('knows every file of the folder, and every id once', () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(['accept.json', 'reject.json']);
    const ids = [...reject, ...accept].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
