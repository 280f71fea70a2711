import type { Hex } from 'viem';
import {
  accountAt,
  assertMined,
  changeOwner,
  type DidRegistry,
  sendRaw,
  setAttribute,
  signCalls,
} from './did-registry.ts';

const BATCH = 50;
const CONNECTIONS = 8;

export interface WriteRates {
  /** Transactions per second, from sending the first to having the last in a block. */
  readonly setAttribute: number;
  readonly changeOwner: number;
  /** What a client signs per second (viem); not part of the two above. */
  readonly sign: number;
}

/**
 * How fast anvil takes ERC-1056 writes: transactions signed beforehand, {@link CONNECTIONS} accounts each
 * with a connection of its own that sends {@link BATCH} at a time. It keeps them in memory and asks nobody:
 * nothing here is durable or agreed upon. The node must have that many accounts.
 */
export async function measureRegistryWrites(registry: DidRegistry, perConnection = 500): Promise<WriteRates> {
  const accounts = Array.from({ length: CONNECTIONS }, (_, i) => accountAt(i));
  const signAll = (data: (identity: Hex, i: number) => Hex): Promise<(readonly Hex[])[]> =>
    Promise.all(
      accounts.map((account) =>
        signCalls(
          registry,
          account,
          Array.from({ length: perConnection }, (_, i) => data(account.address, i)),
        ),
      ),
    );
  const total = perConnection * CONNECTIONS;
  const began = performance.now();
  const attributes = await signAll((identity, i) => setAttribute(identity, 'did/svc/Bench', `0x${hex(i)}`));
  const sign = total / seconds(began);
  const attributeRate = total / (await sendAll(registry.url, attributes));
  const owners = await signAll((identity) => changeOwner(identity, identity));
  return {
    setAttribute: Math.round(attributeRate),
    changeOwner: Math.round(total / (await sendAll(registry.url, owners))),
    sign: Math.round(sign),
  };
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
const hex = (i: number): string => i.toString(16).padStart(64, '0');
