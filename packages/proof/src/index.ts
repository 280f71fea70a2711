export {
  type Checkpoint,
  type CheckpointBody,
  type CheckpointCrypto,
  type CheckpointKey,
  type CheckpointTrust,
  formatCheckpointBody,
  parseCheckpoint,
  verifyCheckpoint,
} from './checkpoint.ts';
export { ProofError, type ProofErrorCode } from './errors.ts';
export { createFrontier, type Frontier, type FrontierState } from './frontier.ts';
export { emptyRoot, HASH_BYTES, hashLeaf, hashNode, type Sha256 } from './hash.ts';
export {
  formatNote,
  formatNoteSignature,
  type NoteSignature,
  noteKeyId,
  parseNote,
  type SignedNote,
} from './note.ts';
export { treeRoot } from './tree-root.ts';
