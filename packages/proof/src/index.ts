export {
  type Checkpoint,
  type CheckpointBody,
  type CheckpointKey,
  type CheckpointTrust,
  formatCheckpointBody,
  parseCheckpoint,
  parseCheckpointBody,
  verifyCheckpoint,
} from './checkpoint.ts';
export {
  type CoseAlgorithm,
  type CoseReceipt,
  type CoseReceiptSigner,
  type CoseTrust,
  coseReceiptMessage,
  decodeCoseReceipt,
  encodeCoseReceipt,
  verifyCoseReceipt,
} from './cose/cose-receipt.ts';
export {
  type Cosignature,
  cosignatureMessage,
  formatCosignature,
  parseCosignature,
} from './cosignature/cosignature.ts';
export {
  type LogHead,
  type MlDsaCosignature,
  type MlDsaVerify,
  mlDsaCosignedMessage,
  parseMlDsaCosignature,
  verifyMlDsaCosignature,
} from './cosignature/ml-dsa.ts';
export {
  createVerifierKey,
  formatVerifierKey,
  parseVerifierKey,
  type SignatureType,
  type VerifierKey,
} from './cosignature/verifier-key.ts';
export type { ProofCrypto, SyncProofCrypto } from './crypto.ts';
export { ProofError, type ProofErrorCode } from './errors.ts';
export { createFrontier, type Frontier, type FrontierState } from './frontier.ts';
export { emptyRoot, HASH_BYTES, hashLeaf, hashNode, type Sha256 } from './hash.ts';
export { type ConsistencyClaim, consistencyProof, verifyConsistency } from './log/consistency.ts';
export { type InclusionClaim, inclusionProof, inclusionRoot, verifyInclusion } from './log/inclusion.ts';
export { type NodeAt, nodesOf } from './log/nodes.ts';
export {
  formatNote,
  formatNoteSignature,
  type NoteSignature,
  noteKeyId,
  parseNote,
  type SignedNote,
} from './note.ts';
export { createPolicy, formatPolicy, type PolicyDraft } from './policy/format-policy.ts';
export { assertFresh, type Freshness } from './policy/freshness.ts';
export { formatLedgerBody, type LedgerHead, parseLedgerBody } from './policy/ledger-body.ts';
export { parsePolicy } from './policy/parse-policy.ts';
export type { LogKey, Policy, Witness, WitnessGroup } from './policy/policy.ts';
export {
  formatPolicyLink,
  type PolicyLink,
  parsePolicyLink,
  policyHash,
  type TrustedPolicy,
  verifyPolicyChain,
} from './policy/policy-chain.ts';
export { assertQuorum, type VerifiedCosignature } from './policy/quorum.ts';
export {
  type CosignatureJob,
  cosignatureJobs,
  cosignaturesOf,
  type VerifiedCheckpoint,
  verifyCosignedBody,
  verifyCosignedBodySync,
} from './policy/verify-cosigned.ts';
export { type CheckpointCache, createCheckpointCache } from './receipts/checkpoint-cache.ts';
export { decodeReceipt } from './receipts/decode-receipt.ts';
export { encodeReceipt } from './receipts/encode-receipt.ts';
export type { EventReceipt, Receipt, ReceiptCheckpoint, StateReceipt } from './receipts/receipt.ts';
export { type CosignedBody, stapleReceipt } from './receipts/staple-receipt.ts';
export { formatTlogProof, parseTlogProof, type TlogProof, verifyTlogProof } from './receipts/tlog-proof.ts';
export {
  type ReceiptOptions,
  type ReceiptSubject,
  type VerifiedReceipt,
  verifyReceipt,
} from './receipts/verify-receipt.ts';
export { type ServedReceiptOptions, verifyServedReceipt } from './receipts/verify-served-receipt.ts';
export { treeRoot } from './tree-root.ts';
export { bitAt, EMPTY_TRIE, keyHash, TRIE_DEPTH, trieLeaf, trieNode, valueHash } from './trie/hashing.ts';
export { type TrieEnd, type TriePath, verifyTriePath } from './trie/trie-path.ts';
export { type TrieEntry, triePath, trieRoot } from './trie/trie-root.ts';
