import { setTimeout } from 'node:timers/promises';
import { type Bytes, isAppError } from '@attestel/core';
import { type CertificateProof, encodeCertificateProof, fetchCertificateProof } from '@attestel/pki';
import { decodeReceipt } from '@attestel/proof';
import { fromHere } from '../paths.ts';
import { besideCertificate } from './pallet.ts';
import { readCertificate } from './read-argument.ts';
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

/** A certificate that is published all the same, and why it has no receipt. */
export interface WithoutReceipt {
  readonly file: string;
  readonly code: 'receipt_not_yet' | 'receipt_unwritable' | (string & {});
}

/**
 * Writes what `attestel pki check --offline --receipt` takes as NAME.receipt beside each certificate. Never throws: what was
 * published has to be told. After the first one that was waited for in vain, no other is waited for.
 */
export async function saveReceipts(
  files: readonly string[],
  { node, progress, pause = () => setTimeout(BETWEEN_TRIES_MILLISECONDS) }: SaveOptions,
): Promise<readonly WithoutReceipt[]> {
  const left = files.values();
  const without: WithoutReceipt[] = [];
  let saved = 0;
  let inVain: string | undefined;
  const proofOf = async (der: Bytes): Promise<CertificateProof | string> => {
    for (let tries = 1; ; tries++) {
      const proof = await askFor(der, node);
      if (typeof proof !== 'string') return proof;
      if (tries >= TRIES || inVain !== undefined) return proof;
      await pause();
    }
  };
  const save = async (file: string): Promise<string | undefined> => {
    if (inVain !== undefined) return inVain;
    const proof = await proofOf(await readCertificate(file, file));
    if (typeof proof === 'string') {
      inVain = proof;
      return proof;
    }
    await writeWhole(fromHere(besideCertificate(file, 'receipt')), encodeCertificateProof(proof));
    saved += 1;
    if (saved % 1000 === 0) progress(`${saved} receipts of ${files.length} …`);
    return undefined;
  };
  const work = async (): Promise<void> => {
    for (const file of left) {
      const code = await save(file).catch((error: unknown) =>
        isAppError(error) ? error.code : 'receipt_unwritable',
      );
      if (code !== undefined) without.push({ file, code });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return without;
}

/** A proof that it is published, or why there is none yet: made too early, one would prove that it was not. */
async function askFor(der: Bytes, node: string): Promise<CertificateProof | string> {
  try {
    const proof = await fetchCertificateProof(der, { node, fetch });
    return isPublished(proof) ? proof : 'receipt_not_yet';
  } catch (error) {
    // Nobody has cosigned yet, or the node is busy.
    if (isAppError(error) && error.code === 'pki_node_unreachable') return error.code;
    throw error;
  }
}

function isPublished({ receipts: [first] }: CertificateProof): boolean {
  const receipt = first && decodeReceipt(first);
  return receipt?.kind === 'state' && receipt.path.end.kind === 'own';
}
