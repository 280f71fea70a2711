import { fromBase64, toBase64 } from '../base64.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES } from '../hash.ts';
import { parseNote } from '../note.ts';
import { cosignaturesOf } from '../policy/verify-cosigned.ts';
import { LAYOUT } from './receipt.ts';
import { type ReceiptOptions, type VerifiedReceipt, verifyParsedReceipt } from './verify-receipt.ts';

/** An event receipt as C2SP tools exchange it (c2sp.org/tlog-proof@v1). The entry itself travels apart. */
export interface TlogProof {
  readonly index: number;
  /** From the leaf's sibling up to the root's child. */
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly note: string;
  /** Not authenticated; whatever helps to rebuild the entry. */
  readonly extra?: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_LENGTH = 1 << 19;

/** @throws TypeError for a proof that cannot be written; ProofError note_malformed */
export function formatTlogProof({ index, path, note, extra }: TlogProof): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new TypeError('tlog-proof: index must be whole');
  if (path.length > LAYOUT.maxLogHashes || path.some((hash) => hash.length !== HASH_BYTES)) {
    throw new TypeError('tlog-proof: path must be at most 63 hashes of 32 bytes');
  }
  parseNote(note);
  const lines = [
    HEADER,
    ...(extra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...path.map(toBase64),
  ];
  const text = `${lines.join('\n')}\n\n${note}`;
  if (text.length > MAX_LENGTH) throw new TypeError('tlog-proof: too long');
  return text;
}

/**
 * Parses a proof from anyone; nothing in it counts before {@link verifyTlogProof}.
 * @throws ProofError tlog_proof_malformed, note_malformed
 */
export function parseTlogProof(text: string): TlogProof {
  if (text.length > MAX_LENGTH) throw malformed('too long');
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed('no empty line before the checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw malformed('unknown first line');
  const extra = lines[0]?.startsWith('extra ') ? decoded(lines.shift()?.slice('extra '.length)) : undefined;
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  const index = Number(digits); // NaN where there is none
  if (!Number.isSafeInteger(index)) throw malformed('index must be a decimal number');
  if (lines.length > LAYOUT.maxLogHashes) throw malformed('more hashes than a log has levels');
  const path = lines.map(decoded);
  if (path.some((hash) => hash.length !== HASH_BYTES)) throw malformed('a hash has 32 bytes');
  const note = text.slice(end + 2);
  parseNote(note);
  return { index, path, note, ...(extra && { extra }) };
}

/**
 * Checks that `leaf` stands in the log of the policy. Signatures count as in a receipt: the policy's quorum.
 * @throws ProofError of {@link parseTlogProof} and verifyReceipt
 */
export async function verifyTlogProof(
  text: string,
  leaf: Uint8Array,
  options: ReceiptOptions,
): Promise<VerifiedReceipt> {
  const { index, path, note } = parseTlogProof(text);
  const { text: body, signatures } = parseNote(note);
  const checkpoint = {
    form: 'stapled',
    body,
    signatures: cosignaturesOf(options.policy, signatures),
  } as const;
  return verifyParsedReceipt({ kind: 'event', checkpoint, index, path, leaf }, options);
}

function decoded(base64: string | undefined): Uint8Array {
  const bytes = fromBase64(base64 ?? '');
  if (bytes === undefined) throw malformed('invalid base64');
  return bytes;
}

const malformed = (rule: string): ProofError => new ProofError('tlog_proof_malformed', `tlog-proof: ${rule}`);
