import { proofCrypto } from '@attestel/ledger';
import { createCheckpointCache, decodeReceipt, verifyReceipt } from '@attestel/proof';
import { measure } from '../measure.ts';
import { FILL_MODULE, headKeyAt } from './fill.ts';
import { openFilled } from './filled-ledger.ts';
import { cosignedByOthers, QUORUM, threeOfFour } from './witnesses.ts';

const SAMPLES = 2_000;
/** Prime, so that its multiples are spread over all there is. */
const STRIDE = 7_919;
const MICROSECONDS = 1e6;

type Filled = Awaited<ReturnType<typeof openFilled>>['ledger'];

/**
 * Sizes and costs of receipts from the ledger in a folder, cosigned by three of four. Sizes are of the stapled
 * form, which carries its checkpoint, without the value itself: that is the answer. Costs are CPU time.
 */
export async function measureReceipts(folder: string, operations: number): Promise<Record<string, number>> {
  const policy = threeOfFour();
  const { ledger, close } = await openFilled(folder, policy);
  try {
    ledger.cosign(await cosignedByOthers(ledger.head().body));
    return { ...sizes(ledger, operations), ...(await costs(ledger, operations, policy)) };
  } finally {
    await close();
  }
}

const present = (operations: number) => (i: number) => headKeyAt((i * STRIDE) % operations);
const absent = (operations: number) => (i: number) => headKeyAt(operations + i);

function sizes(ledger: Filled, operations: number): Record<string, number> {
  const all = (count: (i: number) => number): number[] => Array.from({ length: SAMPLES }, (_, i) => count(i));
  const keyAt = present(operations);
  const stapled = all((i) => withoutValue(ledger.proofs.stateReceipt(FILL_MODULE, keyAt(i), 'full')));
  const whole = all((i) => ledger.proofs.stateReceipt(FILL_MODULE, keyAt(i), 'full').length);
  const path = all((i) => withoutValue(ledger.proofs.stateReceipt(FILL_MODULE, keyAt(i), 'path')));
  const missing = all((i) => ledger.proofs.stateReceipt(FILL_MODULE, absent(operations)(i), 'full').length);
  const events = all((i) => withoutValue(ledger.proofs.eventReceipt((i * STRIDE) % operations, 'full')));
  return {
    receipt_bytes: percentile(stapled, 50),
    receipt_bytes_p99: percentile(stapled, 99),
    receipt_with_value_bytes: percentile(whole, 50),
    receipt_path_bytes: percentile(path, 50),
    receipt_absent_bytes: percentile(missing, 50),
    event_receipt_bytes: percentile(events, 50),
  };
}

/** Length without the value or entry that it is about. @throws Error unless it is cosigned by the quorum */
function withoutValue(bytes: Uint8Array): number {
  const { checkpoint, ...receipt } = decodeReceipt(bytes);
  if (checkpoint.form === 'stapled' && checkpoint.signatures.length !== QUORUM) {
    throw new Error(`bench: ${checkpoint.signatures.length} cosignatures`);
  }
  if (receipt.kind === 'event') return bytes.length - receipt.leaf.length;
  if (receipt.path.end.kind !== 'own') throw new Error('bench: the key is absent');
  return bytes.length - receipt.path.end.value.length;
}

async function costs(
  { proofs }: Filled,
  operations: number,
  policy: ReturnType<typeof threeOfFour>,
): Promise<Record<string, number>> {
  const keyAt = present(operations);
  const stapled = Array.from({ length: SAMPLES }, (_, i) =>
    proofs.stateReceipt(FILL_MODULE, keyAt(i), 'full'),
  );
  const path = Array.from({ length: SAMPLES }, (_, i) => proofs.stateReceipt(FILL_MODULE, keyAt(i), 'path'));
  const cache = createCheckpointCache();
  const trust = { policy, crypto: proofCrypto };
  for (const receipt of stapled.slice(0, 1)) await verifyReceipt(receipt, { ...trust, cache });
  const at = (list: readonly Uint8Array[], i: number): Uint8Array => list[i % SAMPLES] ?? new Uint8Array();
  const expect = (i: number) => ({ module: FILL_MODULE, key: keyAt(i % SAMPLES) });
  const rates = await measure([
    {
      name: 'verify_cold_us',
      run: (i) =>
        verifyReceipt(at(stapled, i), { ...trust, expect: expect(i), now: now(), maxAgeSeconds: 600 }),
    },
    {
      name: 'verify_cached_us',
      run: (i) =>
        verifyReceipt(at(path, i), { ...trust, cache, expect: expect(i), now: now(), maxAgeSeconds: 600 }),
    },
    { name: 'prove_us', run: (i) => proofs.stateReceipt(FILL_MODULE, keyAt(i), 'path') },
    { name: 'prove_stapled_us', run: (i) => proofs.stateReceipt(FILL_MODULE, keyAt(i), 'full') },
    { name: 'prove_event_us', run: (i) => proofs.eventReceipt((i * STRIDE) % operations, 'path') },
  ]);
  return Object.fromEntries(
    Object.entries(rates).map(([name, rate]) => [name, Math.round((10 * MICROSECONDS) / rate) / 10]),
  );
}

const now = (): number => Math.floor(Date.now() / 1000);

function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}
