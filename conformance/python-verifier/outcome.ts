import { ProofError } from '@attestel/proof';

/** What a vector says: `accepted`, or the code of the ProofError that some work ends with. */
export async function outcomeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
}
