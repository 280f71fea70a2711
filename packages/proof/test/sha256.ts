import { createHash } from 'node:crypto';
import { ProofError, type Sha256 } from '../src/index.ts';

export const sha256: Sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest());
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** A hash that stands for the given text. */
export const hashOf = (text: string): Uint8Array => sha256(utf8(text));

/** The ProofError code that some work ends with; anything else it throws is a failure of the test. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
  return 'accepted';
}

/** A copy with one bit turned. */
export function flipped(bytes: Uint8Array, at: number, bit = 0): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}
