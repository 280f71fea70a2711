import { ProofError } from '@attestel/proof';
import { foundLedger } from '@attestel/server';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';
import { nodePassphrase, readNodeConfig } from './node-config.ts';

export const run: Run = async ({ values, progress }) => {
  const config = await readNodeConfig(values);
  const origin = requiredText(values, 'origin');
  const passphrase = nodePassphrase();
  progress('making keys, DID and genesis …');
  const founded = await foundLedger(config, { passphrase, origin }).catch((cause: unknown) => {
    const isName = cause instanceof TypeError || cause instanceof ProofError;
    throw isName ? fail('option_invalid', { field: '--origin', cause }) : cause;
  });
  const { did, checkpointKey, genesisFile, policyFile } = founded;
  return {
    data: founded,
    text: [
      `did      ${did}`,
      `log key  ${checkpointKey}`,
      `genesis  ${genesisFile}`,
      `policy   ${policyFile}`,
    ].join('\n'),
    next: 'attestel node with the same --config; who follows needs log key, genesis and policy',
  };
};
