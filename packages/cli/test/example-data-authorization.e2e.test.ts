import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWalkthrough, type Walkthrough } from './harness/walkthrough.ts';

describe('examples/data-authorization', () => {
  let walk: Walkthrough;
  beforeAll(async () => {
    walk = await startWalkthrough(29_700);
  });
  afterAll(() => walk?.close());

  it('gives data on a consent alone, and nothing after it was taken back, as its README says', async () => {
    const said = await walk.run('data-authorization');
    expect(said).toContain('"state": "FINALIZED"');
    expect(said).toContain('"schema_version": "ISO/IEC TS 27560:2023"');
    expect(said).toContain('"statusReason": "REVOKED"');
    expect(said).toContain('"payload":"erased"');
  });
});
