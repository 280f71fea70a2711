import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWalkthrough, type Walkthrough } from './harness/walkthrough.ts';

describe('examples/device-inspection', () => {
  let walk: Walkthrough;
  beforeAll(async () => {
    walk = await startWalkthrough(29_800);
  });
  afterAll(() => walk?.close());

  it('goes from the register over flags and proofs to a closed fault, as its README says', async () => {
    const said = await walk.run('device-inspection');
    expect(said).toContain('"R2"');
    expect(said).toContain('item 700 of 1000: as the line on the ledger says');
    expect(said).toMatch(/"GD": \{/);
  });
});
