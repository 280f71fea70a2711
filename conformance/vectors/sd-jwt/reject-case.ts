import { type Draft, presented } from './draft.ts';

/** One thing a verifier must refuse. */
export interface RejectCase {
  readonly id: string;
  readonly clause: string;
  readonly error: string;
  readonly text: string;
}

export const presentedCase = (id: string, clause: string, error: string, draft: Draft): RejectCase => ({
  id,
  clause,
  error,
  text: presented(draft),
});
