import { readFile } from 'node:fs/promises';
import { AppError, systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createLedgerClient, proofCrypto } from '@attestel/ledger';
import { type Policy, ProofError, parsePolicy } from '@attestel/proof';
import { buildSubLedgerOperation, SUB_LEDGER_MODULE } from '@attestel/registry';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { passOn, validityOf } from './draft.ts';
import { signersOf } from './signers-of.ts';

export const run: Run = async ({ values }) => {
  const { policy, text } = await policyOf(values);
  const parties = await signersOf(values);
  const [{ identity }] = parties;
  const client = createLedgerClient({ url: nodeOf(values), fetch });
  const operation = await buildSubLedgerOperation({
    kind: values.replace === true ? 'policy' : 'register',
    body: { origin: policy.origin, policy: text },
    actor: identity.did,
    sequence: await client.sequence(SUB_LEDGER_MODULE, identity.did),
    network: parseDid(identity.did).network,
    notAfter: unixSeconds(systemClock) + validityOf(values),
    signers: await Promise.all(parties.map(({ keyStore, identity: own }) => keyStore.signer(own.ledgerKey))),
  });
  return passOn(operation, values);
};

async function policyOf(values: CommandInput['values']): Promise<{ policy: Policy; text: string }> {
  const path = fromHere(requiredText(values, 'policy'));
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('data_missing', { field: '--policy', cause });
  });
  try {
    return { policy: parsePolicy(text, proofCrypto.sha256), text };
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    const { code, message } = cause;
    throw new AppError(code, { kind: 'bad-input', message }, { field: '--policy', cause });
  }
}
