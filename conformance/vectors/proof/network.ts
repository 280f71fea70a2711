import {
  createPolicy,
  cosignatureMessage,
  createVerifierKey,
  formatCosignature,
  formatLedgerBody,
  formatNote,
  formatVerifierKey,
  type NoteSignature,
  noteKeyId,
  type Policy,
  type Witness,
} from '@attestel/proof';
import { ed25519Key, hashOf, sha256, type VectorKey } from './keys.ts';

/** The network that all vectors speak of: one ledger, four witnesses, three of them a quorum. */
export const ORIGIN = 'ledger.example/vectors';
export const LOG = ed25519Key('log');
export const NAMES = ['north', 'south', 'east', 'west'] as const;
export const keyOf = (name: string): VectorKey => ed25519Key(`witness ${name}`);
const witness = (name: string): Omit<Witness, 'keyId'> => ({
  name,
  keyName: `${name}.example/witness`,
  publicKey: keyOf(name).publicKey,
});

export const policyOf = (names: readonly string[], threshold: number, origin = ORIGIN): Policy =>
  createPolicy(
    {
      origin,
      logs: [{ publicKey: LOG.publicKey }],
      witnesses: names.map(witness),
      groups: [{ name: 'operators', threshold, members: names }],
      quorum: 'operators',
    },
    sha256,
  );
export const POLICY = policyOf(NAMES, 3);

export const witnessKey = (name: string) => {
  const { keyName, publicKey } = witness(name);
  return createVerifierKey(sha256, { name: keyName, type: 'cosignature', publicKey });
};
export const witnessVkey = (name: string): string => formatVerifierKey(witnessKey(name));

export const ROOT = hashOf('log root');
export const STATE = hashOf('state root');
export const BODY = formatLedgerBody({ origin: ORIGIN, size: 1_000_003, root: ROOT, state: STATE });
export const TIME = 1_790_000_000;

/** The line that a witness puts under a checkpoint. */
export function cosign(name: string, body = BODY, time = TIME): NoteSignature {
  const signature = keyOf(name).sign(cosignatureMessage(body, time));
  return formatCosignature(witnessKey(name), { time, signature });
}

export const logLine = (body = BODY): NoteSignature => ({
  name: ORIGIN,
  keyId: noteKeyId(sha256, ORIGIN, LOG.publicKey),
  signature: LOG.sign(new TextEncoder().encode(body)),
});

/** A witness's plain signature, as a policy link needs it. */
export function signText(name: string, text: string): NoteSignature {
  const { keyName, publicKey } = witness(name);
  const signature = keyOf(name).sign(new TextEncoder().encode(text));
  return { name: keyName, keyId: noteKeyId(sha256, keyName, publicKey), signature };
}

export const noteOf = (names: readonly string[], body = BODY, time = TIME): string =>
  formatNote(
    body,
    names.map((name) => cosign(name, body, time)),
  );
