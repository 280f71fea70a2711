import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVerifierKey, formatVerifierKey, ProofError, parseVerifierKey } from '../../src/index.ts';
import { codeOf, hex, sha256 } from '../sha256.ts';

/** Public key of the Go checksum database, as every Go installation carries it. */
const GO_SUM_DB = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';

describe('verifier keys (C2SP signed-note)', () => {
  it('reads and writes a key of the real world', () => {
    const key = parseVerifierKey(GO_SUM_DB, sha256);
    expect([key.name, key.type, hex(key.keyId)]).toEqual(['sum.golang.org', 'ed25519', '033de0ae']);
    expect(formatVerifierKey(key)).toBe(GO_SUM_DB);
  });

  it('gives one key another id for another name or type', () => {
    const publicKey = new Uint8Array(32).fill(3);
    const id = (name: string, type: 'ed25519' | 'cosignature') =>
      hex(createVerifierKey(sha256, { name, type, publicKey }).keyId);
    const ids = [id('a', 'ed25519'), id('b', 'ed25519'), id('a', 'cosignature')];
    expect(new Set(ids).size).toBe(3);
  });

  it.each([
    ['a name with a space', GO_SUM_DB.replace('sum.', 'sum ')],
    ['no name', GO_SUM_DB.replace('sum.golang.org', '')],
    ['an id of another key', GO_SUM_DB.replace('033de0ae', '033de0af')],
    ['an id in upper case', GO_SUM_DB.replace('033de0ae', '033DE0AE')],
    ['an id without its leading zero', GO_SUM_DB.replace('033de0ae', '33de0ae')],
    ['an unknown type', GO_SUM_DB.replace('+Ac', '+Bc')],
    ['a key of 31 bytes', `${GO_SUM_DB.slice(0, -4)}`],
    ['base64url', GO_SUM_DB.replace('a+HJ', 'a-HJ')],
    ['a newline at the end', `${GO_SUM_DB}\n`],
    ['only two parts', 'a+00000000'],
    ['nothing', ''],
    ['more than 4,096 characters', `${'a'.repeat(4096)}${GO_SUM_DB}`],
  ])('refuses %s', async (_, text) => {
    expect(await codeOf(() => parseVerifierKey(text, sha256))).toBe('verifier_key_malformed');
  });

  it('refuses keys of another length and names that no note can carry when it makes one', () => {
    const make = (name: string, length: number) => () =>
      createVerifierKey(sha256, { name, type: 'cosignature', publicKey: new Uint8Array(length) });
    for (const work of [make('a', 31), make('a', 33), make('a+b', 32), make('', 32)]) {
      expect(work).toThrow(TypeError);
    }
  });

  it('what it takes from anyone is written as it was read; all else is a ProofError', () => {
    const damaged = fc.tuple(fc.nat(GO_SUM_DB.length), fc.nat(2), fc.string({ maxLength: 3 }));
    const text = fc.oneof(
      fc.string(),
      damaged.map(([at, drop, put]) => GO_SUM_DB.slice(0, at) + put + GO_SUM_DB.slice(at + drop)),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          expect(formatVerifierKey(parseVerifierKey(input, sha256))).toBe(input);
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
        }
      }),
    );
  });
});
