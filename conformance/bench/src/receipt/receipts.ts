import { proofCrypto } from '@attestel/ledger';
import {
  createCheckpointCache,
  decodeReceipt,
  type Policy,
  type ReceiptOptions,
  verifyReceipt,
} from '@attestel/proof';
import { measure } from '../measure.ts';
import { FILL_MODULE, headKeyAt } from './fill.ts';
import { openFilled } from './filled-ledger.ts';
import { cosignedByOthers, QUORUM, threeOfFour } from './witnesses.ts';

const SAMPLES = 2_000;
/** Prime, so that its multiples are spread over all there is. */
const STRIDE = 7_919;
const MICROSECONDS = 1e6;

type Filled = Awaited<ReturnType<typeof openFilled>>['ledger'];
type ReceiptForm = Parameters<Filled['proofs']['stateReceipt']>[2];

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

function sizes({ proofs }: Filled, operations: number): Record<string, number> {
  const numbers = Array.from({ length: SAMPLES }, (_, i) => i);
  const state = (keyAt: (i: number) => string, form: ReceiptForm): Uint8Array[] =>
    numbers.map((i) => proofs.stateReceipt(FILL_MODULE, keyAt(i), form));
  const stapled = state(present(operations), 'full');
  const bare = stapled.map(withoutValue);
  const whole = (list: readonly Uint8Array[]): number[] => list.map(({ length }) => length);
  const events = numbers.map((i) => withoutValue(proofs.eventReceipt((i * STRIDE) % operations, 'full')));
  return {
    receipt_bytes: percentile(bare, 50),
    receipt_bytes_p99: percentile(bare, 99),
    receipt_with_value_bytes: percentile(whole(stapled), 50),
    receipt_path_bytes: percentile(state(present(operations), 'path').map(withoutValue), 50),
    receipt_absent_bytes: percentile(whole(state(absent(operations), 'full')), 50),
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
  policy: Policy,
): Promise<Record<string, number>> {
  const subjects = Array.from({ length: SAMPLES }, (_, i) => ({
    module: FILL_MODULE,
    key: present(operations)(i),
  }));
  const prove = (i: number, form: ReceiptForm) => proofs.stateReceipt(FILL_MODULE, at(subjects, i).key, form);
  const stapled = subjects.map((_, i) => prove(i, 'full'));
  const path = subjects.map((_, i) => prove(i, 'path'));
  const cache = createCheckpointCache();
  await verifyReceipt(at(stapled, 0), { policy, crypto: proofCrypto, cache });
  const optionsOf = (i: number): ReceiptOptions => ({
    policy,
    crypto: proofCrypto,
    expect: at(subjects, i),
    now: Math.floor(Date.now() / 1000),
    maxAgeSeconds: 600,
  });
  const rates = await measure([
    { name: 'verify_cold_us', run: (i) => verifyReceipt(at(stapled, i), optionsOf(i)) },
    { name: 'verify_cached_us', run: (i) => verifyReceipt(at(path, i), { ...optionsOf(i), cache }) },
    { name: 'prove_us', run: (i) => prove(i, 'path') },
    { name: 'prove_stapled_us', run: (i) => prove(i, 'full') },
    { name: 'prove_event_us', run: (i) => proofs.eventReceipt((i * STRIDE) % operations, 'path') },
  ]);
  return Object.fromEntries(
    Object.entries(rates).map(([name, rate]) => [name, Math.round((10 * MICROSECONDS) / rate) / 10]),
  );
}

const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;

function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}
