import { sameBytes } from '../bytes.ts';
import { parseVerifierKey, type SignatureType, type VerifierKey } from '../cosignature/verifier-key.ts';
import { ProofError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import { isKeyName, noteKeyId } from '../note.ts';
import type { LogKey, Policy, Witness, WitnessGroup } from './policy.ts';

const MAX_LENGTH = 1 << 16;
/** A receipt has room for 64 cosignatures; C2SP asks for at least 32 of each. */
const MAX_LINES_OF_A_KIND = 64;
const WHITESPACE = /[ \t]+/;
/** Anything but controls, space and DEL: C2SP treats names and URLs as opaque. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const ORIGIN = /^# origin: ([^ \t]+)$/;

interface Draft {
  readonly sha256: Sha256;
  readonly origins: Set<string>;
  readonly logs: LogKey[];
  readonly witnesses: Witness[];
  readonly groups: WitnessGroup[];
  readonly names: Set<string>;
  /** Names that stand in a group already: each may do so once. */
  readonly members: Set<string>;
  quorum: string | undefined;
}

/**
 * Reads a C2SP tlog-policy. Narrower than C2SP in four points: the policy is about one ledger, so all log
 * keys bear one name, and where there is no log key a comment `# origin: NAME` says it; every witness
 * has a key id of its own, because receipts name witnesses by it; only Ed25519 cosignature keys are
 * witnesses, because ML-DSA-44 cosignatures leave out the state root; and there is no `quorum none`.
 * @throws ProofError policy_malformed, naming line and rule
 */
export function parsePolicy(text: string, sha256: Sha256): Policy {
  if (text.length > MAX_LENGTH) throw malformed('too long');
  if (!text.isWellFormed() || FORBIDDEN.test(text)) throw malformed('control character or invalid UTF-8');
  const lines = text.split('\n');
  if (lines.pop() !== '') throw malformed('last line must end in a newline');
  const draft: Draft = {
    sha256,
    origins: new Set(),
    logs: [],
    witnesses: [],
    groups: [],
    names: new Set(),
    members: new Set(),
    quorum: undefined,
  };
  lines.forEach((line, index) => {
    readLine(draft, line, index + 1);
  });
  return finish(draft);
}

function readLine(draft: Draft, line: string, number: number): void {
  const trimmed = withoutOuterBlanks(line);
  const refuse: Refuse = (rule) => malformed(`line ${number}: ${rule}`);
  if (trimmed.startsWith('#')) {
    const origin = ORIGIN.exec(trimmed)?.[1];
    if (origin !== undefined) addOrigin(draft, origin, refuse);
  } else if (trimmed !== '') {
    const [keyword = '', ...words] = trimmed.split(WHITESPACE);
    const read = KEYWORDS.get(keyword);
    if (!read) throw refuse('unknown keyword');
    read(draft, words, refuse);
  }
}

/** A loop for the end: `[ \t]+$` takes seconds for blanks inside a long line, and policies come from anyone. */
function withoutOuterBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && ' \t'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end).replace(/^[ \t]+/, '');
}

type Refuse = (rule: string) => ProofError;
type Read = (draft: Draft, words: readonly string[], refuse: Refuse) => void;

const readLog: Read = (draft, words, refuse) => {
  const [vkey, url] = words;
  if (vkey === undefined || words.length > 2) throw refuse('a log has a key and at most a URL');
  const { name, keyId, publicKey } = readKey(draft, vkey, 'ed25519', refuse);
  assertRoom(draft.logs, refuse);
  if (hasKey(draft.logs, publicKey)) throw refuse('log key is already listed');
  addOrigin(draft, name, refuse);
  draft.logs.push({ name, keyId, publicKey, ...(url !== undefined && { url }) });
};

const readWitness: Read = (draft, words, refuse) => {
  const [name, vkey, url] = words;
  if (name === undefined || vkey === undefined || words.length > 3) {
    throw refuse('a witness has a name, a key and at most a URL');
  }
  const { name: keyName, keyId, publicKey } = readKey(draft, vkey, 'cosignature', refuse);
  assertRoom(draft.witnesses, refuse);
  assertNewKey(draft, { keyName, keyId, publicKey }, refuse);
  addName(draft, name, refuse);
  draft.witnesses.push({ name, keyName, keyId, publicKey, ...(url !== undefined && { url }) });
};

const readGroup: Read = (draft, [name, count, ...members], refuse) => {
  if (name === undefined || count === undefined || members.length === 0) {
    throw refuse('a group has a name, a threshold and members');
  }
  assertRoom(draft.groups, refuse);
  for (const member of members) {
    if (!draft.names.has(member)) throw refuse('member is not defined above');
    if (draft.members.has(member)) throw refuse('member stands in a group already');
    draft.members.add(member);
  }
  addName(draft, name, refuse);
  draft.groups.push({ name, threshold: readThreshold(count, members.length, refuse), members });
};

const readQuorum: Read = (draft, words, refuse) => {
  const [name] = words;
  if (name === undefined || words.length > 1) throw refuse('a quorum is one name');
  if (draft.quorum !== undefined) throw refuse('there is a quorum already');
  if (name === 'none') throw refuse('a quorum of none would take checkpoints that nobody cosigned');
  if (!draft.names.has(name)) throw refuse('quorum is not defined above');
  draft.quorum = name;
};

const KEYWORDS: ReadonlyMap<string, Read> = new Map([
  ['log', readLog],
  ['witness', readWitness],
  ['group', readGroup],
  ['quorum', readQuorum],
]);

function finish({ origins, logs, witnesses, groups, quorum }: Draft): Policy {
  const [origin] = origins;
  if (origin === undefined) throw malformed('needs a log, or a comment "# origin: NAME"');
  if (quorum === undefined) throw malformed('needs a quorum');
  return { origin, logs, witnesses, groups, quorum };
}

function readThreshold(count: string, members: number, refuse: Refuse): number {
  if (count === 'any') return 1;
  if (count === 'all') return members;
  const threshold = /^[1-9]\d{0,3}$/.test(count) ? Number(count) : 0;
  if (threshold < 1 || threshold > members) {
    throw refuse('threshold must be any, all, or a number from 1 to the number of members');
  }
  return threshold;
}

function readKey({ sha256 }: Draft, vkey: string, type: SignatureType, refuse: Refuse): VerifierKey {
  const key = parseKey(vkey, sha256, refuse);
  if (key.type !== type) throw refuse(`key must be of type ${type}`);
  return key;
}

function parseKey(vkey: string, sha256: Sha256, refuse: Refuse): VerifierKey {
  try {
    return parseVerifierKey(vkey, sha256);
  } catch (error) {
    if (error instanceof ProofError) throw refuse(error.message);
    throw error;
  }
}

function addOrigin({ origins }: Draft, origin: string, refuse: Refuse): void {
  if (!isKeyName(origin)) throw refuse('origin must be a key name');
  if (!origins.has(origin) && origins.size > 0) throw refuse('a policy is about one origin');
  origins.add(origin);
}

function addName({ names }: Draft, name: string, refuse: Refuse): void {
  if (name === 'none' || names.has(name)) throw refuse('name is taken');
  names.add(name);
}

function assertRoom(lines: readonly unknown[], refuse: Refuse): void {
  if (lines.length >= MAX_LINES_OF_A_KIND) throw refuse(`more than ${MAX_LINES_OF_A_KIND} of a kind`);
}

/** Four bytes can be made to collide, and a witness must not take the place of another one, in receipts or links. */
function assertNewKey(
  { sha256, witnesses }: Draft,
  { keyName, keyId, publicKey }: Omit<Witness, 'name'>,
  refuse: Refuse,
): void {
  if (hasKey(witnesses, publicKey)) throw refuse('witness key is already listed');
  const linkKeyId = noteKeyId(sha256, keyName, publicKey);
  const taken = witnesses.some(
    (other) =>
      sameBytes(other.keyId, keyId) ||
      (other.keyName === keyName && sameBytes(noteKeyId(sha256, keyName, other.publicKey), linkKeyId)),
  );
  if (taken) throw refuse('another witness has this key id');
}

const hasKey = (keys: readonly { readonly publicKey: Uint8Array }[], publicKey: Uint8Array): boolean =>
  keys.some((key) => sameBytes(key.publicKey, publicKey));

const malformed = (rule: string): ProofError => new ProofError('policy_malformed', `policy: ${rule}`);
