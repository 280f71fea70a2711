import { fromBase64, toBase64 } from '../base64.ts';
import { sameBytes } from '../bytes.ts';
import type { ProofCrypto } from '../crypto.ts';
import { ProofError } from '../errors.ts';
import { HASH_BYTES, type Sha256 } from '../hash.ts';
import { noteKeyId, parseNote, type SignedNote } from '../note.ts';
import { formatPolicy } from './format-policy.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Policy, Witness } from './policy.ts';
import { assertQuorum } from './quorum.ts';

/** One step of a rotation: the next policy of a ledger and which policy it follows. */
export interface PolicyLink {
  /** 1 for the successor of the first policy, then one more each time. */
  readonly sequence: number;
  /** {@link policyHash} of the policy before. */
  readonly previous: Uint8Array;
  readonly policy: Policy;
}

/** A policy that the caller believes in; the first one has sequence 0. */
export interface TrustedPolicy {
  readonly sequence: number;
  readonly policy: Policy;
}

/** First line of what is signed: neither a checkpoint body nor a cosignature message can begin so. */
const DOMAIN = 'attestel/policy/v1';
/** One a day for ten years. */
const MAX_LINKS = 4096;
const HEADER = /^attestel\/policy\/v1\nsequence ([1-9]\d{0,15})\nprevious ([A-Za-z0-9+/]{43}=)\n\n/;

/** SHA-256 of the canonical text. */
export const policyHash = (policy: Policy, sha256: Sha256): Uint8Array =>
  sha256(new TextEncoder().encode(formatPolicy(policy)));

/**
 * The text of a link: domain, sequence, hash of the policy before, empty line, canonical policy. Each
 * witness of the policy before signs it as a plain note (type 0x01) under its key name.
 * @throws TypeError for a bad sequence or hash
 */
export function formatPolicyLink({ sequence, previous, policy }: PolicyLink): string {
  if (!Number.isSafeInteger(sequence) || sequence < 1 || previous.length !== HASH_BYTES) {
    throw new TypeError('policy link: sequence from 1, hash of 32 bytes');
  }
  return `${DOMAIN}\nsequence ${sequence}\nprevious ${toBase64(previous)}\n\n${formatPolicy(policy)}`;
}

/**
 * Takes exactly what {@link formatPolicyLink} writes. @throws ProofError policy_link_malformed;
 * policy_malformed for the policy inside
 */
export function parsePolicyLink(text: string, sha256: Sha256): PolicyLink {
  const [header = '', digits, hash = ''] = HEADER.exec(text) ?? [];
  const previous = fromBase64(hash);
  if (!Number.isSafeInteger(Number(digits)) || previous === undefined || digits === undefined) {
    throw malformed('must be domain, sequence, hash, empty line, policy');
  }
  const link = { sequence: Number(digits), previous, policy: parsePolicy(text.slice(header.length), sha256) };
  if (formatPolicyLink(link) !== text) throw malformed('policy must be in canonical form');
  return link;
}

/**
 * Follows signed links from a policy that the caller trusts to the newest one. Each must be the next of the
 * same ledger and be signed by a quorum of the policy before it; a client that slept for long takes all
 * links that it missed. Links up to its own sequence are refused, so nobody can lead it back.
 * @throws ProofError note_malformed, policy_link_malformed, policy_malformed, policy_link_broken,
 * checkpoint_wrong_origin, cosignature_duplicate, cosignature_invalid, quorum_not_met
 */
export async function verifyPolicyChain(
  trusted: TrustedPolicy,
  links: readonly string[],
  crypto: ProofCrypto,
): Promise<TrustedPolicy> {
  if (links.length > MAX_LINKS) throw malformed(`more than ${MAX_LINKS} links`);
  let current = trusted;
  for (const link of links) current = await verifyLink(current, parseNote(link), crypto);
  return current;
}

async function verifyLink(
  { sequence, policy }: TrustedPolicy,
  note: SignedNote,
  crypto: ProofCrypto,
): Promise<TrustedPolicy> {
  const link = parsePolicyLink(note.text, crypto.sha256);
  if (link.policy.origin !== policy.origin) {
    throw new ProofError('checkpoint_wrong_origin', 'policy link: of another ledger');
  }
  if (link.sequence !== sequence + 1 || !sameBytes(link.previous, policyHash(policy, crypto.sha256))) {
    throw new ProofError('policy_link_broken', 'policy link: does not follow the policy before');
  }
  const signers = await verifySigners(policy, note, crypto);
  // Links carry no time: the sequence orders them.
  assertQuorum(
    policy,
    signers.map((witness) => ({ witness, time: 0 })),
  );
  return { sequence: link.sequence, policy: link.policy };
}

async function verifySigners(
  { witnesses }: Policy,
  { text, signatures }: SignedNote,
  { sha256, verifyEd25519 }: ProofCrypto,
): Promise<Witness[]> {
  const message = new TextEncoder().encode(text);
  const lines = signatures.flatMap(({ name, keyId, signature }) => {
    const witness = witnesses.find(
      ({ keyName, publicKey }) => keyName === name && sameBytes(noteKeyId(sha256, keyName, publicKey), keyId),
    );
    return witness ? [{ witness, signature }] : [];
  });
  if (new Set(lines.map(({ witness }) => witness)).size !== lines.length) {
    throw new ProofError('cosignature_duplicate', 'policy link: one witness signed twice');
  }
  const results = await Promise.all(
    lines.map(({ witness, signature }) => verifyEd25519(witness.publicKey, message, signature)),
  );
  if (!results.every((result) => result === true)) {
    throw new ProofError('cosignature_invalid', 'policy link: a witness did not sign this');
  }
  return lines.map(({ witness }) => witness);
}

const malformed = (rule: string): ProofError =>
  new ProofError('policy_link_malformed', `policy link: ${rule}`);
