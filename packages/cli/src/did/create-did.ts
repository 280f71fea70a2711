import { systemRandom } from '@attestel/core';
import { createDid, ensureControlKeys, formatVersionId, isNetwork } from '@attestel/did';
import { createLedgerClient } from '@attestel/ledger';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText, wholeNumber } from '../option-values.ts';
import { notAfterOf, passOn } from './draft.ts';
import { keyFileOf } from './key-holder.ts';

export const run: Run = async ({ values, progress }) => {
  const network = requiredText(values, 'network');
  if (!isNetwork(network)) throw fail('option_invalid', { field: '--network' });
  const count = wholeNumber(values, 'next', { fallback: 1, least: 1, most: 8 });
  const nextThreshold = wholeNumber(values, 'next-threshold', { fallback: count, least: 1, most: count });
  const { keyStore, prefix } = await keyFileOf(values);
  // A name is used once, so nothing is made under it while there is nobody to take the DID.
  if (values.out === undefined) await createLedgerClient({ url: nodeOf(values), fetch }).checkpoint();
  progress('making keys …');
  const ref = `${prefix}/key-1`;
  await keyStore.generate({ ref, purpose: 'assertion', algorithm: 'ES256' });
  const { publicKey } = await keyStore.signer(ref);
  const control = (version: number, keys: number) =>
    ensureControlKeys(keyStore, { prefix, version, count: keys, algorithm: 'EdDSA' });
  const created = createDid({
    network,
    controlKey: await control(1, 1),
    nextKeys: (await control(2, count)).map((signer) => signer.publicKey),
    nextThreshold,
    ledgerKeys: [],
    document: {
      verificationMethods: [
        { fragment: 'key-1', key: publicKey, relationships: ['authentication', 'assertionMethod'] },
      ],
    },
    random: systemRandom,
  });
  const operation = await created.toOperation(notAfterOf(values));
  await passOn(operation, values, 1);
  const { did } = created;
  return {
    data: { did, kid: `${did}#key-1`, versionId: formatVersionId(1, operation.id) },
    text: did,
    next: `attestel did ${values.out === undefined ? `resolve ${did}` : `sign ${values.out}`}`,
  };
};
