import { type Bytes, isAppError } from '@attestel/core';
import { type PathInput, parseCertificate, validatePath } from '@attestel/x509';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { AT } from '../chains.ts';
import { createOpenssl, opensslMissing } from './openssl.ts';
import { randomLinks, writeChain } from './random-chain.ts';
import { mapsBesideAny, opensslOptions, policyRuns, writePolicyChain } from './random-policies.ts';

const openssl = createOpenssl(AT);
afterAll(() => openssl.close());

/** Where we refuse on purpose what openssl 3 takes. */
const STRICTER = new Set([
  'path_name_form', // names in a syntax that would slip past a constraint
  'path_name_excluded', // wildcards over an excluded name
]);

const RUNS = Number(process.env.ATTESTEL_PATH_RUNS ?? 100);

function ours(chain: readonly Bytes[], change: Partial<PathInput>): string {
  try {
    validatePath({
      leaf: parseCertificate(chain.at(-1) as Bytes),
      intermediates: chain.slice(1, -1).map(parseCertificate),
      anchors: [parseCertificate(chain[0] as Bytes)],
      at: AT,
      ...change,
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
        const code = ours(chain, { strict: true });
        const answer = openssl.verify(
          chain.at(-1) as Bytes,
          chain.slice(1, -1),
          chain[0] as Bytes,
          opensslOptions({}),
        );
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
      { numRuns: RUNS },
    );
    // Neither answer may be the only one, or the runs would prove little.
    expect(Math.min(accepted, refused)).toBeGreaterThan(5);
  });

  it('decides policies alike, for every input of RFC 5280 §6.1.1', { timeout: 120_000 }, () => {
    const answers = new Set<string>();
    fc.assert(
      fc.property(policyRuns, ({ links, inputs }) => {
        const chain = writePolicyChain(links);
        const code = ours(chain, { policies: inputs });
        const [root, leaf] = [chain[0] as Bytes, chain.at(-1) as Bytes];
        const answer = openssl.verify(leaf, chain.slice(1, -1), root, opensslOptions(inputs), false);
        answers.add(code);
        // openssl 3 maps from anyPolicy even where it is inhibited; RFC 5280 §6.1.4 (b)(1) asks for its node.
        if (code === 'path_policy' && links.some(mapsBesideAny)) return;
        expect(code === 'valid', `${code}: ${answer.says}`).toBe(answer.accepts);
      }),
      { numRuns: RUNS },
    );
    expect([...answers].toSorted()).toEqual(['path_policy', 'valid']);
  });
});
