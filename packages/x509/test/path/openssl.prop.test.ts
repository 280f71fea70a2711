import { type Bytes, isAppError } from '@attestel/core';
import { parseCertificate, validatePath } from '@attestel/x509';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { AT } from '../chains.ts';
import { createOpenssl, opensslMissing } from './openssl.ts';
import { randomLinks, writeChain } from './random-chain.ts';

const openssl = createOpenssl(AT);
afterAll(() => openssl.close());

/** Where we refuse on purpose what openssl 3 takes. */
const STRICTER = new Set([
  'path_name_form', // names in a syntax that would slip past a constraint
  'path_name_excluded', // wildcards over an excluded name
]);

function ours(chain: readonly Bytes[]): string {
  try {
    validatePath({
      leaf: parseCertificate(chain.at(-1) as Bytes),
      intermediates: chain.slice(1, -1).map(parseCertificate),
      anchors: [parseCertificate(chain[0] as Bytes)],
      at: AT,
      strict: true,
    });
    return 'valid';
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

describe.skipIf(opensslMissing)('paths against openssl verify -x509_strict', () => {
  it('decides random chains alike: never accepts what openssl refuses', { timeout: 120_000 }, () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(randomLinks, (links) => {
        const chain = writeChain(links);
        const code = ours(chain);
        const answer = openssl.verify(chain.at(-1) as Bytes, chain.slice(1, -1), chain[0] as Bytes, [
          '-policy_check',
        ]);
        if (code === 'valid') {
          accepted++;
          expect(answer.accepts, answer.says).toBe(true);
        } else {
          refused++;
          // RFC 5280 §6.1.5 (a) counts a self-issued last certificate too; openssl 3 does not.
          const selfIssued = code === 'path_policy' && links.at(-1)?.subject === 'asIssuer';
          if (!STRICTER.has(code) && !selfIssued)
            expect(answer.accepts, `${code}: ${answer.says}`).toBe(false);
        }
      }),
      { numRuns: Number(process.env.ATTESTEL_PATH_RUNS ?? 150) },
    );
    // Neither answer may be the only one, or the runs would prove little.
    expect(Math.min(accepted, refused)).toBeGreaterThan(10);
  });
});
