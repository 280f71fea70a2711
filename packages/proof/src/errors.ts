export type ProofErrorCode =
  | 'frontier_invalid'
  | 'note_malformed'
  | 'checkpoint_malformed'
  | 'checkpoint_wrong_origin'
  | 'checkpoint_not_signed'
  | 'checkpoint_bad_signature';

/**
 * Why something did not verify. This package has no dependency, so it has its own error class;
 * callers translate it by `code`. The message names the rule and never repeats the input.
 */
export class ProofError extends Error {
  override readonly name = 'ProofError';
  readonly code: ProofErrorCode;

  constructor(code: ProofErrorCode, rule: string) {
    super(rule);
    this.code = code;
  }
}
