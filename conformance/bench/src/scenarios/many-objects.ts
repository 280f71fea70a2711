import { type JsonValue, systemRandom, toHex } from '@attestel/core';
import { createKnownModules } from '@attestel/scenarios';
// What a command writes for an object, without its line: a million of those would take a quarter of an hour.
import { objectKeyName, writeObjectRow } from '../../../../packages/scenarios/src/host/store/object-rows.ts';
import type { ContractNode } from './contract-node.ts';
import { thing } from './modules.ts';

/** Many, so that a flush writes no page of the store for one object alone. */
const BATCH = 10_000;
/** One object of so many is named. */
const EVERY = 1000;
export const SITES = 1000;

/** Writes things until there are so many, each with its key and its places in the index. @returns some of their ids */
export async function fillObjects(node: ContractNode, from: number, to: number): Promise<readonly string[]> {
  const { store, vault, party } = node;
  const parts = { vault, modules: createKnownModules([thing]) };
  const some: string[] = [];
  for (let first = from; first < to; first += BATCH) {
    const names = Array.from({ length: Math.min(BATCH, to - first) }, () => ({
      ...{ channel: 'main', module: thing.name },
      id: toHex(systemRandom.bytes(16)),
    }));
    await vault.make(names.map((name) => objectKeyName(name, 0)));
    await store.transact((writer) => {
      for (const [i, name] of names.entries()) {
        const state = stateOf(party.did, first + i);
        const row = {
          ...{ head: '0'.repeat(64), count: 1, state, complete: [party.did] },
          ...{ given: [], unchecked: false, generation: 0 },
        };
        writeObjectRow(writer, parts, name, { row, before: undefined });
      }
    });
    some.push(...names.filter((_, i) => i % EVERY === 0).map(({ id }) => id));
  }
  return some;
}

const stateOf = (did: string, number: number): JsonValue => ({
  ...{ status: 'stored', parties: [did], begun: 1, changed: 1, erased: 0 },
  facts: { serial: `FILL-${number}`, site: `site-${number % SITES}` },
  ...{ custodian: did, receiver: null, told: [], stays: [] },
  steps: [{ status: 'stored', custodian: did, time: 1, reason: null }],
});
