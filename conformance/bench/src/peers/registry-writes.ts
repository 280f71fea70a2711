import { type Hex, toHex } from 'viem';
import { startAnvil } from './anvil.ts';
import {
  accountAt,
  assertMined,
  changeOwner,
  type DidRegistry,
  deployRegistry,
  sendRaw,
  setAttribute,
  signCalls,
} from './did-registry.ts';

const BATCH = 50;
const CONNECTIONS = 8;
const PER_CONNECTION = 500;
const TOTAL = CONNECTIONS * PER_CONNECTION;

export interface WriteRates {
  /** Transactions per second, from sending the first to having the last in a block. */
  readonly setAttribute: number;
  readonly changeOwner: number;
  /** What a client signs per second (viem); not part of the two above. */
  readonly sign: number;
}

/**
 * How fast a local anvil takes ERC-1056 writes: transactions signed beforehand, {@link CONNECTIONS} accounts,
 * each with a connection of its own that sends {@link BATCH} at a time. It keeps them in memory and asks nobody:
 * nothing here is durable or agreed upon.
 */
export async function measureRegistryWrites(): Promise<WriteRates> {
  const anvil = await startAnvil({ accounts: CONNECTIONS });
  try {
    const registry = await deployRegistry(anvil.url);
    const began = performance.now();
    const attributes = await signAll(registry, (identity, i) =>
      setAttribute(identity, 'did/svc/Bench', toHex(i, { size: 32 })),
    );
    const sign = TOTAL / seconds(began);
    const attributeRate = TOTAL / (await sendAll(anvil.url, attributes));
    const owners = await signAll(registry, (identity) => changeOwner(identity, identity));
    const ownerRate = TOTAL / (await sendAll(anvil.url, owners));
    return {
      setAttribute: Math.round(attributeRate),
      changeOwner: Math.round(ownerRate),
      sign: Math.round(sign),
    };
  } finally {
    await anvil.stop();
  }
}

/** Seconds until the last transaction of every list is in a block. */
async function sendAll(url: string, lists: readonly (readonly Hex[])[]): Promise<number> {
  const began = performance.now();
  const last = await Promise.all(lists.map((list) => sendList(url, list)));
  await assertMined(url, last);
  return seconds(began);
}

/** Hash of the last one: an account's transactions are mined in the order of their nonces. */
async function sendList(url: string, list: readonly Hex[]): Promise<unknown> {
  let last: unknown;
  for (let i = 0; i < list.length; i += BATCH) last = (await sendRaw(url, list.slice(i, i + BATCH))).at(-1);
  return last;
}

const seconds = (began: number): number => (performance.now() - began) / 1000;

/** For every account a list of calls on its own identity. */
const signAll = (
  registry: DidRegistry,
  data: (identity: Hex, i: number) => Hex,
): Promise<(readonly Hex[])[]> =>
  Promise.all(
    Array.from({ length: CONNECTIONS }, (_, i) => accountAt(i)).map((account) =>
      signCalls(
        registry,
        account,
        Array.from({ length: PER_CONNECTION }, (_, i) => data(account.address, i)),
      ),
    ),
  );
