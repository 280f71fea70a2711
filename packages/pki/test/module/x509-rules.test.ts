import { describe, expect, it } from 'vitest';
import { x509Rules } from '../../src/module/x509-rules.ts';
import { type Certified, certify } from '../ledger/devices.ts';
import { DAY, START } from '../ledger/world.ts';

const ca = (commonName: string, notBefore: number, issuer?: Certified): Promise<Certified> =>
  certify({ ca: true, commonName, notBefore, notAfter: START + 3650 * DAY, ...(issuer && { issuer }) });
const read = (leaf: Certified, anchor: Certified, ...intermediates: Certified[]) =>
  x509Rules.leafReader({
    ...{ role: 'small-cell', anchor: anchor.certificate, allowSelfSigned: false },
    intermediates: intermediates.map(({ certificate }) => certificate),
  })(leaf.certificate);

describe('the path of a certificate, without a clock', () => {
  it('does not depend on certificates beside it, however young', async () => {
    const root = await ca('Root', START - 100 * DAY);
    const stranger = await ca('Young', START + 500 * DAY);
    const leaf = await certify({ issuer: root, notBefore: START - DAY, notAfter: START + 300 * DAY });
    expect(read(leaf, root, stranger)).toMatchObject({
      validFrom: START - DAY,
      validUntil: START + 300 * DAY,
    });
  });

  it('begins with the youngest of those on it', async () => {
    const root = await ca('Root', START - 100 * DAY);
    const between = await ca('Between', START + 10 * DAY, root);
    const leaf = await certify({ issuer: between, notBefore: START - DAY, notAfter: START + 300 * DAY });
    expect(read(leaf, root, between).validFrom).toBe(START + 10 * DAY);
  });

  it('is none where those on it are never valid together', async () => {
    const root = await ca('Root', START - 100 * DAY);
    const between = await ca('Between', START + 400 * DAY, root);
    const leaf = await certify({ issuer: between, notBefore: START - DAY, notAfter: START + 300 * DAY });
    expect(() => read(leaf, root, between)).toThrow();
  });
});
