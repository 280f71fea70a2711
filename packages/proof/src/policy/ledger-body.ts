import { fromBase64, toBase64 } from '../base64.ts';
import { formatCheckpointBody, parseCheckpointBody } from '../checkpoint.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES } from '../hash.ts';

/** What one checkpoint body of a ledger says: its log and its state. */
export interface LedgerHead {
  readonly origin: string;
  /** Leaves in the log. */
  readonly size: number;
  /** Root of the log (RFC 6962). */
  readonly root: Uint8Array;
  /** Root of the state trie. */
  readonly state: Uint8Array;
}

const STATE_LINE = /^state ([^ ]+)$/;

/** `origin`, `size`, root and `state …`, a line each (specs/ledger.md). @throws TypeError */
export function formatLedgerBody({ state, ...head }: LedgerHead): string {
  if (state.length !== HASH_BYTES) throw new TypeError('checkpoint: state root must be 32 bytes');
  return formatCheckpointBody({ ...head, extensions: [`state ${toBase64(state)}`] });
}

/** Exactly these four lines. @throws ProofError checkpoint_malformed */
export function parseLedgerBody(body: string): LedgerHead {
  const { origin, size, root, extensions } = parseCheckpointBody(body);
  const [line = '', ...more] = extensions;
  const state = fromBase64(STATE_LINE.exec(line)?.[1] ?? '');
  if (state?.length !== HASH_BYTES || more.length > 0) {
    throw new ProofError('checkpoint_malformed', 'checkpoint: must end in one line with the state root');
  }
  return { origin, size, root, state };
}
