import { fromHex, systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createLedgerClient } from '@attestel/ledger';
import { buildRegistryOperation } from '@attestel/registry';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText, textOr, wholeNumber } from '../option-values.ts';
import { passOn, validityOf } from './draft.ts';
import { signersOf } from './signers-of.ts';

const DEFAULT_POWER = 10;
const MOST_POWER = 1000;

export const run: Run = async ({ values }) => {
  const key = keyOf(values);
  const power = wholeNumber(values, 'power', { fallback: DEFAULT_POWER, least: 0, most: MOST_POWER });
  const parties = await signersOf(values);
  const [{ identity }] = parties;
  const client = createLedgerClient({ url: nodeOf(values), fetch });
  const operation = await buildRegistryOperation({
    kind: 'validator.set',
    body: { did: textOr(values, 'member', identity.did), key, power },
    actor: identity.did,
    sequence: await client.sequence('registry', identity.did),
    network: parseDid(identity.did).network,
    notAfter: unixSeconds(systemClock) + validityOf(values),
    signers: await Promise.all(parties.map(({ keyStore, identity: own }) => keyStore.signer(own.ledgerKey))),
  });
  return passOn(operation, values);
};

function keyOf(values: CommandInput['values']) {
  try {
    return fromHex(requiredText(values, 'key'));
  } catch (cause) {
    throw fail('option_invalid', { field: '--key (hex, from attestel node engine)', cause });
  }
}
