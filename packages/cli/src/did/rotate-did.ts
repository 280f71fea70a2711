import { fromHex, multikeyFromText } from '@attestel/core';
import { buildRotate, ensureControlKeys, findControlKeys } from '@attestel/did';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { textList, wholeNumber } from '../option-values.ts';
import { ONLINE_SECONDS, trustOf } from '../trust-options.ts';
import { notAfterOf, passOn } from './draft.ts';
import { keyHolderOf } from './key-holder.ts';
import { newestVersion } from './newest-version.ts';

export const run: Run = async ({ values, positionals }) => {
  const [did] = positionals as [string];
  const cosigners = textList(values, 'cosigner').map(parsedAs('cosigner', multikeyFromText));
  const nextCommitments = textList(values, 'next-commitment').map(parsedAs('next-commitment', commitment));
  const { keyStore, prefix } = await keyHolderOf(values, did);
  const trust = values.policy === undefined ? undefined : await trustOf(values, { fallback: ONLINE_SECONDS });
  const { version, previous, document } = await newestVersion(nodeOf(values), did, trust);
  const controlKeys = await findControlKeys(keyStore, prefix, version + 1);
  if (controlKeys.length === 0) throw fail('control_key_missing');
  const count = wholeNumber(values, 'next', { fallback: controlKeys.length, least: 0, most: 8 });
  const most = count + nextCommitments.length;
  const nextThreshold = wholeNumber(values, 'next-threshold', { fallback: most, least: 1, most });
  const next = await ensureControlKeys(keyStore, { prefix, version: version + 2, count, algorithm: 'EdDSA' });
  const operation = await buildRotate({
    did,
    previous,
    document,
    controlKeys,
    cosigners,
    nextKeys: next.map(({ publicKey }) => publicKey),
    nextCommitments,
    nextThreshold,
    notAfter: notAfterOf(values),
  });
  const result = await passOn(operation, values, version + 1);
  // The node of a party has the key file open, and will not write over what it has not read.
  return values.as === undefined ? result : { ...result, next: 'restart the node of this party, if it runs' };
};

const COMMITMENT_BYTES = 32;

function commitment(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes.length !== COMMITMENT_BYTES) throw new TypeError('not a commitment');
  return bytes;
}

const parsedAs =
  <Value>(option: string, parse: (text: string) => Value) =>
  (text: string): Value => {
    try {
      return parse(text);
    } catch (cause) {
      throw fail('option_invalid', { field: `--${option}`, cause });
    }
  };
