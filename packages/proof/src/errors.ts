export type ProofErrorCode =
  | 'frontier_invalid'
  | 'hash_malformed'
  | 'index_out_of_range'
  | 'size_out_of_range'
  | 'inclusion_mismatch'
  | 'consistency_mismatch'
  | 'path_truncated'
  | 'path_excess'
  | 'path_malformed'
  | 'path_foreign_leaf'
  | 'path_mismatch'
  | 'receipt_malformed'
  | 'receipt_truncated'
  | 'receipt_too_large'
  | 'receipt_wrong_subject'
  | 'checkpoint_unknown'
  | 'tlog_proof_malformed'
  | 'note_malformed'
  | 'checkpoint_malformed'
  | 'checkpoint_wrong_origin'
  | 'checkpoint_not_signed'
  | 'checkpoint_bad_signature'
  | 'checkpoint_stale'
  | 'checkpoint_from_future'
  | 'verifier_key_malformed'
  | 'cosignature_malformed'
  | 'cosignature_duplicate'
  | 'cosignature_invalid'
  | 'policy_malformed'
  | 'quorum_not_met'
  | 'policy_link_malformed'
  | 'policy_link_broken'
  | 'cose_malformed'
  | 'cose_wrong_key'
  | 'cose_bad_signature';

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
