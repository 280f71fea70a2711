import { multikeyToText, toHex } from '@attestel/core';
import { commitmentOf, ensureControlKeys, findControlKeys } from '@attestel/did';
import type { Run } from '../command.ts';
import { nodeOf } from '../node-api.ts';
import { wholeNumber } from '../option-values.ts';
import { keyHolderOf } from './key-holder.ts';
import { newestVersion } from './newest-version.ts';

/** A holder's part in a change that somebody else drafts. Keys that nobody may see yet stay hashes. */
export const run: Run = async ({ values, positionals }) => {
  const [did] = positionals as [string];
  const { keyStore, prefix } = await keyHolderOf(values, did);
  const { version } = await newestVersion(nodeOf(values), did);
  const count = wholeNumber(values, 'next', { fallback: 1, least: 1, most: 8 });
  const current = await findControlKeys(keyStore, prefix, version + 1);
  const next = await ensureControlKeys(keyStore, { prefix, version: version + 2, count, algorithm: 'EdDSA' });
  const data = {
    did,
    version: version + 1,
    keys: current.map(({ publicKey }) => multikeyToText(publicKey)),
    nextCommitments: next.map(({ publicKey }) => toHex(commitmentOf(publicKey))),
  };
  return {
    data,
    text: [
      ...data.keys.map((key) => `--cosigner ${key}`),
      ...data.nextCommitments.map((hash) => `--next-commitment ${hash}`),
    ].join('\n'),
    next: 'give these to whoever runs attestel did rotate; showing a key spends it',
  };
};
