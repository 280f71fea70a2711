import { type Bytes, systemClock, systemRandom, unixSeconds } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { buildLine, type LineRequest, refOf } from '@attestel/registry';
import { IN_FLIGHT } from './commands.ts';
import { type ContractNode, NETWORK } from './contract-node.ts';

const VALIDITY_SECONDS = 600;

/**
 * Lines per second of the same ledger without a host: the lines that `runCommands` writes, built and signed beforehand,
 * one to a submission as the host submits them, as many on their way.
 */
export async function submitLines(node: ContractNode, count: number): Promise<number> {
  const pairs = await Promise.all(Array.from({ length: count / 2 }, () => linesOfThing(node)));
  let next = 0;
  const submitSome = async (): Promise<void> => {
    while (next < pairs.length) {
      for (const line of pairs[next++] ?? []) await submit(node, line);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, submitSome));
  return count / ((performance.now() - start) / 1000);
}

async function submit({ ledger }: ContractNode, line: Operation): Promise<void> {
  const [result] = await ledger.submit([line]);
  if (!result?.ok) throw new Error(`bench: a line was refused: ${result?.error.code}`);
}

/** One that begins an object and takes a token, one that moves it. */
async function linesOfThing({ party: { did, signer } }: ContractNode): Promise<readonly Operation[]> {
  const ref = refOf('bench.thing', random(16));
  const rule = { threshold: 1, resolution: 1, dids: [did], keys: [], roles: [] };
  const line = (head: LineRequest['heads'][number], more: Partial<LineRequest> = {}): Promise<Operation> =>
    buildLine({
      ...{ network: NETWORK, channel: 'main', actor: did, signers: [signer] },
      notAfter: unixSeconds(systemClock) + VALIDITY_SECONDS,
      ...{ heads: [head], moduleDigest: random(32), digest: random(32), ...more },
    });
  const begun = await line({ ref, prevHead: null, rule }, { unique: [random(32)] });
  return [begun, await line({ ref, prevHead: begun.id })];
}

const random = (length: number): Bytes => systemRandom.bytes(length);
