import { createServer } from 'node:net';

/** A consortium uses ports up to 32 above its base. */
const CLAIM = 60;
const STRIDE = 100;

/**
 * First base port from here on that no other test process holds. A kill leaves a consortium's ports
 * free for a while; the claim on one beside them is held as long as this process lives.
 */
export async function claimPorts(from: number): Promise<number> {
  for (let base = from; base < from + 10 * STRIDE; base += STRIDE) if (await hold(base + CLAIM)) return base;
  throw new Error(`no free ports from ${from}`);
}

const hold = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const claim = createServer();
    claim.once('error', () => resolve(false));
    claim.listen(port, '127.0.0.1', () => resolve(true)).unref();
  });
