import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Consortium, startConsortium } from '@attestel/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('readiness', () => {
  let dataDir: string;
  let consortium: Consortium;
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'attestel-ready-'));
    const slow: typeof fetch = async (...request) => {
      await answered;
      return fetch(...request);
    };
    consortium = await startConsortium({
      dataDir,
      basePort: 26_100,
      operators: 1,
      statusRefreshSeconds: 0.3,
      logLevel: 'silent',
      fetch: slow,
    });
  });
  afterAll(async () => {
    await consortium?.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('of a bridge waits until the issuers were asked for their status lists once; an operator waits for nobody', async () => {
    const ready = async (origin: string) => (await fetch(`${origin}/readyz`)).status;
    expect(await ready(consortium.urls.operators[0] as string)).toBe(200);
    expect(await ready(consortium.urls.bridge)).toBe(503);
    answer();
    await expect.poll(() => ready(consortium.urls.bridge), { timeout: 60_000 }).toBe(200);
  });
});
