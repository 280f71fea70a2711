import { setTimeout } from 'node:timers/promises';
import { type Bytes, isAppError } from '@attestel/core';
import {
  type CertificateProof,
  encodeCertificateProof,
  fetchCertificateProof,
  saysPublished,
} from '@attestel/pki';
import { fromHere } from '../paths.ts';
import { besideCertificate } from './pallet.ts';
import { readCertificate } from './read-argument.ts';
import type { Rejected } from './rejected-table.ts';
import { writeWhole } from './write-whole.ts';

const AT_ONCE = 16;
/** Witnesses cosign a moment after the block; ten seconds are many moments. */
const TRIES = 20;
const BETWEEN_TRIES_MILLISECONDS = 500;

export interface SaveOptions {
  readonly node: string;
  readonly progress: (line: string) => void;
  readonly pause?: () => Promise<unknown>;
}

/**
 * Writes what `attestel pki check --offline --receipt` takes as NAME.receipt beside each certificate. What keeps one from
 * being had is told and not thrown: so must be what was published. After the first one that was waited for in vain, no other is waited for.
 * @returns those without a receipt, and why
 */
export async function saveReceipts(
  files: readonly string[],
  { node, progress, pause = () => setTimeout(BETWEEN_TRIES_MILLISECONDS) }: SaveOptions,
): Promise<readonly Rejected[]> {
  const left = files.values();
  const without: Rejected[] = [];
  let saved = 0;
  let inVain: string | undefined;
  /** The code of what kept it from being saved. */
  const save = async (file: string): Promise<string | undefined> => {
    const der = await readCertificate(file, file);
    let proof = await askFor(der, node);
    for (let tries = 1; typeof proof === 'string' && inVain === undefined; tries++) {
      if (tries === TRIES) inVain = proof;
      else {
        await pause();
        proof = await askFor(der, node);
      }
    }
    return typeof proof === 'string' ? proof : write(file, proof);
  };
  const work = async (): Promise<void> => {
    for (const file of left) {
      const code = inVain ?? (await save(file).catch(codeOf));
      if (code !== undefined) without.push({ file, code });
      else if (++saved % 1000 === 0) progress(`${saved} receipts of ${files.length} …`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return without;
}

/** A proof that it is published, or why there is none yet: made too early, one would prove that it was not. */
async function askFor(der: Bytes, node: string): Promise<CertificateProof | string> {
  try {
    const proof = await fetchCertificateProof(der, { node, fetch });
    return saysPublished(proof) ? proof : 'receipt_not_yet';
  } catch (error) {
    // Nobody has cosigned yet, or the node is busy.
    if (isAppError(error) && error.code === 'pki_node_unreachable') return error.code;
    throw error;
  }
}

const write = (file: string, proof: CertificateProof): Promise<string | undefined> =>
  writeWhole(fromHere(besideCertificate(file, 'receipt')), encodeCertificateProof(proof)).then(
    () => undefined,
    () => 'receipt_unwritable',
  );

function codeOf(error: unknown): string {
  if (isAppError(error)) return error.code;
  throw error;
}
