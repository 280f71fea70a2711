import { type Hex, toHex } from 'viem';
import type { HDAccount } from 'viem/accounts';
import {
  accountAt,
  assertMined,
  type DidRegistry,
  sendRaw,
  setAttribute,
  signCalls,
} from './did-registry.ts';
import { rpc } from './json-rpc.ts';

/** What one `setAttribute` says. */
export interface EthrAttribute {
  readonly name: string;
  readonly value: Hex;
}

/** Keys first, then services, as `ethr-did-resolver` reads them. */
export const attributes = (count: number, keys: number): readonly EthrAttribute[] =>
  Array.from({ length: count }, (_, i) =>
    i < keys
      ? { name: 'did/pub/Ed25519/veriKey/hex', value: toHex(i + 1, { size: 32 }) }
      : { name: `did/svc/Service${i}`, value: toHex(`https://organisation.example/services/${i}`) },
  );

export interface IdentitiesRequest {
  /** Number of the first account; the node must have `first + count` of them. */
  readonly first: number;
  readonly count: number;
  readonly list: readonly EthrAttribute[];
  /** Attributes of one identity that share a block: the resolver walks from block to block. */
  readonly perBlock: number;
}

/** Identities with attributes; each is its own account. Returns their addresses. */
export async function createEthrIdentities(
  registry: DidRegistry,
  { first, count, list, perBlock }: IdentitiesRequest,
): Promise<readonly Hex[]> {
  const accounts = Array.from({ length: count }, (_, i) => accountAt(first + i));
  const signed = await Promise.all(accounts.map((account) => signAttributes(registry, account, list)));
  await rpc(registry.url, 'evm_setAutomine', [false]);
  for (let i = 0; i < list.length; i += perBlock) {
    const hashes = await sendRaw(
      registry.url,
      signed.flatMap((transactions) => transactions.slice(i, i + perBlock)),
    );
    await rpc(registry.url, 'evm_mine', []);
    await assertMined(registry.url, hashes);
  }
  await rpc(registry.url, 'evm_setAutomine', [true]);
  return accounts.map(({ address }) => address);
}

const signAttributes = (registry: DidRegistry, account: HDAccount, list: readonly EthrAttribute[]) =>
  signCalls(
    registry,
    account,
    list.map(({ name, value }) => setAttribute(account.address, name, value)),
  );
