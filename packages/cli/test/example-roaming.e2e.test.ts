import { readPain001 } from '@attestel/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWalkthrough, type Walkthrough } from './harness/walkthrough.ts';

describe('examples/roaming', () => {
  let walk: Walkthrough;
  beforeAll(async () => {
    walk = await startWalkthrough(29_600);
  });
  afterAll(() => walk?.close());

  it('goes from IR.21 to a payment order as its README says, and a clearing house sees what its mandate names', async () => {
    const said = await walk.run('roaming');
    const [order = ''] = /<\?xml[\s\S]*<\/Document>/.exec(said) ?? [];
    expect(readPain001(order)).toMatchObject({ currency: 'EUR' });
    expect(said).toContain('"stage": "paid"');
  });
});
