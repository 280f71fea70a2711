import { toHex } from '@attestel/core';
import { ensureEngineKeys } from '@attestel/ledger';
import { engineHome } from '@attestel/server';
import type { Run } from '../command.ts';
import { readNodeConfig } from './node-config.ts';

export const run: Run = async ({ values }) => {
  const { dataDir } = await readNodeConfig(values);
  const { nodeId, consensusKey } = await ensureEngineKeys(engineHome(dataDir));
  const key = toHex(consensusKey);
  return {
    data: { nodeId, consensusKey: key },
    text: `nodeId       ${nodeId}\nconsensusKey ${key}`,
    next: 'give both to the other members: the first goes into their peers, the second into registry validator',
  };
};
