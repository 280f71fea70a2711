import { fromHex, systemClock, unixSeconds } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createLedgerClient } from '@attestel/ledger';
import { buildRegistryOperation } from '@attestel/registry';
import type { CommandInput, Run } from '../command.ts';
import { type ActingParty, actAs } from '../data-folder.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText, textList, textOr, wholeNumber } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { passOn } from './draft.ts';

const DEFAULT_POWER = 10;
const MOST_POWER = 1000;
/** Sent at once, or carried from member to member: the ledger takes operations up to a day ahead. */
const SENT_SECONDS = 600;
const CARRIED_SECONDS = 82_800;

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
    notAfter: unixSeconds(systemClock) + (values.out === undefined ? SENT_SECONDS : CARRIED_SECONDS),
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

/** The first acts. @throws argument_missing, data_missing */
async function signersOf(values: CommandInput['values']): Promise<readonly [ActingParty, ...ActingParty[]]> {
  const [first, ...others] = textList(values, 'as');
  if (first === undefined) throw fail('argument_missing', { field: '--as' });
  const dataDir = dataDirOf(values);
  return [await actAs(dataDir, first), ...(await Promise.all(others.map((name) => actAs(dataDir, name))))];
}
