import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosignatureMessage, formatCosignature, parseCosignature, parseNote } from '../../src/index.ts';
import { codeOf, hex, utf8 } from '../sha256.ts';

/** The example of C2SP tlog-cosignature. */
const EXAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;
const key = { name: 'witness.example.com/w1', keyId: Uint8Array.of(0x8d, 0x66, 0xcf, 0x3f) };

describe('cosignature/v1 (C2SP tlog-cosignature)', () => {
  it('reads the example of the specification and writes it again', () => {
    const line = parseNote(EXAMPLE).signatures[1];
    if (!line) throw new Error('no second line');
    const cosignature = parseCosignature(line);
    expect([hex(cosignature.keyId), cosignature.time]).toEqual(['8d66cf3f', 1679315147]);
    expect(formatCosignature(key, cosignature)).toEqual(line);
  });

  it('signs header, time and the whole body with its extension lines', () => {
    const body = `${parseNote(EXAMPLE).text}state x\n`;
    expect(cosignatureMessage(body, 1679315147)).toEqual(
      utf8(
        'cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nstate x\n',
      ),
    );
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY])('refuses to sign at time %d', (time) => {
    expect(() => cosignatureMessage('', time)).toThrow(TypeError);
    expect(() => formatCosignature(key, { time, signature: new Uint8Array(64) })).toThrow(TypeError);
  });

  it('refuses to write a signature of another length', () => {
    expect(() => formatCosignature(key, { time: 0, signature: new Uint8Array(63) })).toThrow(TypeError);
  });

  it('reads 72 bytes with a time up to 2^53 − 1, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.uint8Array({ maxLength: 90 }), fc.uint8Array({ minLength: 72, maxLength: 72 })),
        async (signature) => {
          const good = signature.length === 72 && hex(signature.slice(0, 8)) <= '001fffffffffffff';
          const code = await codeOf(() => parseCosignature({ ...key, signature }));
          expect(code).toBe(good ? 'accepted' : 'cosignature_malformed');
        },
      ),
    );
  });

  it('keeps time and signature, whatever the buffer they stand in', () => {
    const time = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(time, fc.uint8Array({ minLength: 64, maxLength: 64 }), (at, signature) => {
        const line = formatCosignature(key, { time: at, signature });
        const shifted = Uint8Array.of(9, 9, 9, ...line.signature).subarray(3);
        expect(parseCosignature({ ...line, signature: shifted })).toEqual({
          keyId: key.keyId,
          time: at,
          signature,
        });
      }),
    );
  });
});
