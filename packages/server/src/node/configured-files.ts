import { readFile } from 'node:fs/promises';
import { type Bytes, type CborValue, decodeCbor } from '@attestel/core';
import { decodeOperation, type Operation, type PolicyChain, proofCrypto } from '@attestel/ledger';
import { formatPolicy, type Policy, ProofError, parsePolicy, verifyPolicyChain } from '@attestel/proof';
import { fail } from '../errors.ts';

/** A file that the configuration names in `field`. @throws AppError file_unreadable */
export async function readConfiguredFile(path: string, field: string): Promise<Bytes> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    throw fail('file_unreadable', { field, cause });
  }
}

/** What a section of the configuration says of the policy. */
export interface PolicySettings {
  readonly policyFile: string;
  readonly policyLinks: readonly string[];
}

export interface ConfiguredPolicy {
  /** In force: where the links lead to. */
  readonly policy: Policy;
  readonly policyText: string;
  readonly policyChain: PolicyChain;
}

/**
 * The policy that the configuration names, and from it on along the signed links. `section` is for errors.
 * @throws AppError file_unreadable, config_invalid
 */
export async function readPolicyFiles(
  { policyFile, policyLinks }: PolicySettings,
  section: string,
): Promise<ConfiguredPolicy> {
  const text = fromText(await readConfiguredFile(policyFile, `${section}.policyFile`));
  const first = await checked(`${section}.policyFile`, () => parsePolicy(text, proofCrypto.sha256));
  const field = `${section}.policyLinks`;
  const links = await Promise.all(
    policyLinks.map(async (path) => fromText(await readConfiguredFile(path, field))),
  );
  const { policy } = await checked(field, () =>
    verifyPolicyChain({ sequence: 0, policy: first }, links, proofCrypto),
  );
  return { policy, policyText: formatPolicy(policy), policyChain: { first: formatPolicy(first), links } };
}

/** Of a `genesis.cbor`. @throws AppError file_unreadable, config_invalid */
export async function readGenesisFile(path: string, field: string): Promise<readonly Operation[]> {
  const bytes = await readConfiguredFile(path, field);
  try {
    const operations: CborValue = decodeCbor(bytes);
    return (operations as readonly Bytes[]).map((operation) => decodeOperation(operation));
  } catch {
    throw fail('config_invalid', { field: `${field} (is no list of operations)` });
  }
}

const fromText = (bytes: Bytes): string => Buffer.from(bytes).toString('utf8');

async function checked<T>(field: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ProofError)) throw cause;
    throw fail('config_invalid', { field: `${field} (${cause.message})` });
  }
}
