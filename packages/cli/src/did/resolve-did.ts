import { writeFile } from 'node:fs/promises';
import { createHttpResolver, type DidResolution } from '@attestel/did';
import {
  isProofFailure,
  type LedgerTrust,
  parseResult,
  type ResolutionOptions,
  toV1View,
  verifyResolution,
} from '@attestel/did/verify';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { OFFLINE_SECONDS, ONLINE_SECONDS, readText, trustOf } from '../trust-options.ts';

type Values = CommandInput['values'];
type Version = Pick<ResolutionOptions, 'versionId' | 'versionTime'>;

export const run: Run = async ({ values, positionals }) => {
  const [did] = positionals as [string];
  const version = versionOf(values);
  if (values.offline !== undefined) return report(await fromFile(values, did, version), true);
  const trust = values.policy === undefined ? undefined : await trustOf(values, { fallback: ONLINE_SECONDS });
  const resolution = await fromNode(values, did, version, trust);
  if (values.save !== undefined) {
    const text = `${JSON.stringify(toV1View(resolution), null, 2)}\n`;
    await writeFile(fromHere(requiredText(values, 'save')), text);
  }
  return report(resolution, trust !== undefined);
};

function versionOf(values: Values): Version {
  const versionId = textOr(values, 'version-id', undefined);
  const versionTime = textOr(values, 'version-time', undefined);
  return { ...(versionId && { versionId }), ...(versionTime && { versionTime }) };
}

/** Asked in full form: what is printed or saved can be verified later, with nobody to ask. */
async function fromNode(
  values: Values,
  did: string,
  version: Version,
  trust: LedgerTrust | undefined,
): Promise<DidResolution> {
  const resolver = createHttpResolver({ endpoint: nodeOf(values), fetch, ...(trust && { trust }) });
  const proven = await resolver.resolve(did, { ...version, receipt: 'full' });
  const isUnprovable = proven.didResolutionMetadata.error === 'FEATURE_NOT_SUPPORTED';
  if (!isUnprovable || trust || values.save !== undefined) return proven;
  return resolver.resolve(did, { ...version, receipt: 'none' });
}

/** @throws option_invalid for a file in another form; proof_malformed; what verifyResolution throws */
async function fromFile(values: Values, did: string, version: Version): Promise<DidResolution> {
  const { now, ...trust } = await trustOf(values, { fallback: OFFLINE_SECONDS });
  const text = await readText(values, 'offline');
  let saved: DidResolution;
  try {
    saved = parseResult(JSON.parse(text), did);
  } catch (cause) {
    if (isProofFailure(cause)) throw cause;
    throw fail('option_invalid', { field: '--offline: not a resolution of this DID', cause });
  }
  return verifyResolution(saved, did, { ...trust, ...version, now: now() });
}

const EXIT_GONE = 4;
const EXIT_NOT_FOUND = 5;

/** @throws AppError for errors that say nothing about the DID */
function report(resolution: DidResolution, isProven: boolean): CommandResult {
  const { error, message } = resolution.didResolutionMetadata;
  if (error !== undefined && error !== 'NOT_FOUND') {
    const isInput = error.startsWith('INVALID_') || error.endsWith('_NOT_SUPPORTED');
    const field = message === undefined ? error : `${error}, ${message}`;
    throw fail(isInput ? 'option_invalid' : 'did_unresolved', { field });
  }
  const { didDocument, didDocumentMetadata } = resolution;
  const { proof: _, ...metadata } = didDocumentMetadata;
  const said = isProven
    ? 'Proven by the witnesses of the policy.'
    : 'As the node says: verify with --policy.';
  return {
    data: toV1View(resolution),
    text: `${JSON.stringify(error ? { error } : { didDocument, ...metadata }, null, 2)}\n\n${said}`,
    ...(error ? { exitCode: EXIT_NOT_FOUND } : metadata.deactivated ? { exitCode: EXIT_GONE } : {}),
  };
}
