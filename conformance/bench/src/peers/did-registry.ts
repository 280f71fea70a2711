import { setTimeout } from 'node:timers/promises';
import { EthereumDIDRegistry } from 'ethr-did-registry';
import { type Abi, encodeFunctionData, type Hex, stringToHex } from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';
import { rpc, rpcBatch } from './json-rpc.ts';

/** Foundry's public development mnemonic: accounts that hold play money and nothing else. */
const MNEMONIC = 'test test test test test test test test test test test junk';
/** Chain id that anvil gives itself. */
export const CHAIN_ID = 31_337;
const GAS = 200_000n;
const DEPLOY_GAS = 5_000_000n;
const GAS_PRICE = 1_000_000_000n;
const YEAR_SECONDS = 31_536_000n;

const abi = EthereumDIDRegistry.abi as Abi;

/** An ERC-1056 registry on a node; an account is its own identity. */
export interface DidRegistry {
  readonly url: string;
  readonly address: Hex;
}

export const accountAt = (index: number): HDAccount => mnemonicToAccount(MNEMONIC, { addressIndex: index });

/** Deploys the published artefact of ethr-did-registry. @throws Error when the node refuses */
export async function deployRegistry(url: string): Promise<DidRegistry> {
  const account = accountAt(0);
  const raw = await account.signTransaction({
    type: 'legacy',
    chainId: CHAIN_ID,
    nonce: await nonceOf(url, account),
    gas: DEPLOY_GAS,
    gasPrice: GAS_PRICE,
    data: EthereumDIDRegistry.bytecode as Hex,
  });
  const hash = await rpc(url, 'eth_sendRawTransaction', [raw]);
  await assertMined(url, [hash]);
  const receipt = (await rpc(url, 'eth_getTransactionReceipt', [hash])) as { contractAddress: Hex };
  return { url, address: receipt.contractAddress };
}

/** Call data of `setAttribute` on an account's own identity, valid for a year. */
export const setAttribute = (identity: Hex, name: string, value: Hex): Hex =>
  encodeFunctionData({
    abi,
    functionName: 'setAttribute',
    args: [identity, stringToHex(name, { size: 32 }), value, YEAR_SECONDS],
  });

export const changeOwner = (identity: Hex, owner: Hex): Hex =>
  encodeFunctionData({ abi, functionName: 'changeOwner', args: [identity, owner] });

/** Signed transactions of one account with consecutive nonces. */
export async function signCalls(
  registry: DidRegistry,
  account: HDAccount,
  calls: readonly Hex[],
): Promise<readonly Hex[]> {
  const first = await nonceOf(registry.url, account);
  return Promise.all(
    calls.map((data, i) =>
      account.signTransaction({
        type: 'legacy',
        chainId: CHAIN_ID,
        nonce: first + i,
        to: registry.address,
        gas: GAS,
        gasPrice: GAS_PRICE,
        data,
      }),
    ),
  );
}

/** Sends in one request. Returns the transactions' hashes. */
export const sendRaw = (url: string, transactions: readonly Hex[]): Promise<unknown[]> =>
  rpcBatch(
    url,
    transactions.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] })),
  );

/** Seen once with a machine full of work: asked for ever, anvil grows until the memory is full. */
const MINED_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 10;
/** Anvil takes a request's transactions side by side; one that waited for an earlier nonce can be left to the next block. */
const NUDGE_EVERY_MS = 1000;

/** Waits until every transaction is in a block. @throws Error when one was reverted, or is not in one in time */
export async function assertMined(url: string, hashes: readonly unknown[]): Promise<void> {
  const late = performance.now() + MINED_WITHIN_MS;
  let nudge = performance.now() + NUDGE_EVERY_MS;
  for (let rest = hashes; rest.length > 0; ) {
    const calls = rest.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
    const receipts = (await rpcBatch(url, calls)) as ({ status: Hex } | null)[];
    if (receipts.some((receipt) => receipt !== null && receipt.status !== '0x1')) {
      throw new Error('ERC-1056: a transaction was reverted');
    }
    rest = rest.filter((_, i) => receipts[i] === null);
    if (rest.length === 0) return;
    if (performance.now() > late) throw new Error('ERC-1056: a transaction is not in a block in time');
    if (performance.now() > nudge) {
      await rpc(url, 'evm_mine', []);
      nudge = performance.now() + NUDGE_EVERY_MS;
    }
    await setTimeout(ASK_EVERY_MS);
  }
}

const nonceOf = async (url: string, { address }: HDAccount): Promise<number> =>
  Number(await rpc(url, 'eth_getTransactionCount', [address, 'latest']));
