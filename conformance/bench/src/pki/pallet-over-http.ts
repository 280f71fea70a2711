import { readFileSync } from 'node:fs';
import { freePort } from '../free-port.ts';
import { startMeasured } from '../measured-process.ts';
import { postJson } from './post-json.ts';
import { CERTIFICATES_PATH, type PublisherReady } from './protocol.ts';

const WARM_UP = 6000;
const ROUNDS = 3;

/** Seconds for a pallet from a client's request to its receipts, parsed; the node in a process of its own. Median of rounds. */
export async function palletOverHttp(folder: string, count: number): Promise<number> {
  const port = await freePort();
  const sizes = [WARM_UP, ...Array.from({ length: ROUNDS }, () => count)];
  const script = new URL('serve-publisher.ts', import.meta.url);
  const node = await startMeasured<PublisherReady>(script, [port, folder, 1, 1, ...sizes]);
  try {
    const { token, palletFiles } = node.ready;
    const seconds: number[] = [];
    for (const [i, file] of palletFiles.entries()) {
      seconds.push(
        await postJson([readFileSync(file, 'utf8')], {
          ...{ url: `http://127.0.0.1:${port}${CERTIFICATES_PATH}`, clients: 1 },
          headers: { authorization: `Bearer ${token}` },
          check: (answer) => assertPublished(answer, sizes[i] as number),
        }),
      );
    }
    return seconds.slice(1).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
  } finally {
    await node.stop();
  }
}

function assertPublished(answer: unknown, count: number): void {
  const { accepted, published = [] } = answer as {
    readonly accepted?: number;
    readonly published?: readonly { readonly receipt?: string | null }[];
  };
  if (accepted !== count) throw new Error('bench: a certificate was not published');
  if (!published.every(({ receipt }) => receipt)) throw new Error('bench: a certificate has no receipt');
}
