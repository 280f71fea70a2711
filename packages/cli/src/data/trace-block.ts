import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { isAppError, type JsonValue } from '@attestel/core';
import { type ProvedView, proveTrace, type TracedBlock } from '@attestel/scenarios';
import type { CommandInput, Run } from '../command.ts';
import { readParameters } from '../contract/read-parameters.ts';
import { fail } from '../errors.ts';
import { originOf } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { type DataNode, dataNode } from './data-node.ts';

const MODULE = 'data.block@1';
const TRIES = 3;
const PAUSE_MILLISECONDS = 1000;
/** Blocks behind one block, at most. */
const MAX_BLOCKS = 64;

/** Shown by any node, or a file; proved by the ledger at the party's own node alone. Exit code 6 where it is forged. */
export const run: Run = async ({ values, positionals }) => {
  const [id = ''] = positionals;
  const node = await dataNode(values);
  const prove = async (evidence: JsonValue) => (await node.post(['evidence'], evidence)) as ProvedView;
  const { shown, way } =
    values.in === undefined
      ? await traced(node, values, { id, prove })
      : await proved(prove, await fromFile(values));
  if (way[0]?.id !== id) throw fail('object_unknown', { field: 'ID' });
  const out = textOr(values, 'out', undefined);
  if (out !== undefined) await writeFile(fromHere(out), `${JSON.stringify(shown)}\n`);
  return { data: way, text: way.map(textOf).join('\n') };
};

type Prove = Parameters<typeof proveTrace>[0];

const proved = async (prove: Prove, shown: readonly JsonValue[]) => ({
  shown,
  way: await proveTrace(prove, shown),
});

/** Two nodes are not at the same head of the ledger at every moment: what does not fit is asked for again. */
async function traced(
  node: DataNode,
  values: CommandInput['values'],
  { id, prove }: { readonly id: string; readonly prove: Prove },
) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await proved(prove, await collect(node, values, id));
    } catch (error) {
      if (left <= 1 || !isAppError(error) || error.code !== 'evidence_forged') throw error;
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }
}

interface Shown {
  readonly lines: readonly {
    readonly kept: {
      readonly payload: { readonly data: { readonly facts?: { readonly derivedFrom?: string | null } } };
    } | null;
  }[];
}

/** The block, and what each says that it was made from: nothing is believed of it yet. */
async function collect(node: DataNode, values: CommandInput['values'], id: string): Promise<JsonValue[]> {
  const from = values.from === undefined ? undefined : originOf(values.from);
  const shown: JsonValue[] = [];
  let next: string | null | undefined = id;
  while (next && shown.length < MAX_BLOCKS) {
    const evidence = await node.get(['contracts', MODULE, node.channel, next, 'evidence'], from);
    shown.push(evidence as JsonValue);
    next = (evidence as Shown).lines[0]?.kept?.payload.data.facts?.derivedFrom;
  }
  return shown;
}

async function fromFile(values: CommandInput['values']): Promise<readonly JsonValue[]> {
  const shown = await readParameters(textOr(values, 'in', undefined));
  if (!Array.isArray(shown)) throw fail('config_unreadable', { field: '--in' });
  return shown as JsonValue[];
}

const textOf = ({ id, hops, gaps }: TracedBlock): string =>
  [
    `block ${id}${gaps > 0 ? `, ${gaps} lines erased` : ''}`,
    ...hops.map(({ holder, at }) => `  ${new Date(at * 1000).toISOString()}  ${holder}`),
  ].join('\n');
