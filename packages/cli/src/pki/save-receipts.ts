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

/**
 * Writes what `attestel pki check --offline --receipt` takes as NAME.receipt beside each certificate.
 * @returns those of whom no receipt was to be had: they are published all the same
 */
export async function saveReceipts(
  files: readonly string[],
  { node, progress, pause = () => setTimeout(BETWEEN_TRIES_MILLISECONDS) }: SaveOptions,
): Promise<readonly string[]> {
  const left = files.values();
  const without: string[] = [];
  let saved = 0;
  const work = async (): Promise<void> => {
    for (const file of left) {
      const proof = await proofOf(await readCertificate(file, file), node, pause);
      if (!proof) without.push(file);
      else {
        await writeWhole(fromHere(besideCertificate(file, 'receipt')), encodeCertificateProof(proof));
        saved += 1;
        if (saved % 1000 === 0) progress(`${saved} receipts of ${files.length} …`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return without;
}

/** Of a checkpoint that has the certificate: one made too early would prove that it was not published. */
async function proofOf(
  der: Bytes,
  node: string,
  pause: () => Promise<unknown>,
): Promise<CertificateProof | undefined> {
  for (let tries = 1; ; tries++) {
    const proof = await answerOf(der, node);
    if (proof && isPublished(proof)) return proof;
    if (tries === TRIES) return undefined;
    await pause();
  }
}

const answerOf = (der: Bytes, node: string): Promise<CertificateProof | undefined> =>
  fetchCertificateProof(der, { node, fetch }).catch((error: unknown) => {
    // Nobody has cosigned yet, or the node is busy.
    if (isAppError(error) && error.code === 'pki_node_unreachable') return undefined;
    throw error;
  });

function isPublished({ receipts: [first] }: CertificateProof): boolean {
  const receipt = first && decodeReceipt(first);
  return receipt?.kind === 'state' && receipt.path.end.kind === 'own';
}
