import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

const SIGNATURES = 6000;
const IN_FLIGHT = 16;
const MESSAGE_BYTES = 400;

const verifyOnPool = promisify(verify);

/** Nothing but ECDSA P-256 over a known key, on every processor, by OpenSSL's threads. Per second of wall clock. */
export async function rawVerifies(): Promise<number> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
  const message = new Uint8Array(MESSAGE_BYTES).fill(1);
  const signature = sign('sha256', message, privateKey);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next++ < SIGNATURES) {
      if (!(await verifyOnPool('sha256', message, key, signature))) throw new Error('bench: not verified');
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  return SIGNATURES / ((performance.now() - start) / 1000);
}
