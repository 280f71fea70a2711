import { createVerifierKey, formatVerifierKey } from '../cosignature/verifier-key.ts';
import type { Sha256 } from '../hash.ts';
import { parsePolicy } from './parse-policy.ts';
import type { LogKey, Policy, Witness } from './policy.ts';

/** A policy before its key ids and its text. */
export interface PolicyDraft extends Omit<Policy, 'logs' | 'witnesses'> {
  readonly logs: readonly Omit<LogKey, 'name' | 'keyId'>[];
  readonly witnesses: readonly Omit<Witness, 'keyId'>[];
}

/**
 * The one canonical text of a policy: origin, logs, witnesses, groups, quorum, one space between words,
 * thresholds as numbers. Comments of a parsed text are gone.
 * @throws TypeError for a name or URL that is not one word
 */
export function formatPolicy({ origin, logs, witnesses, groups, quorum }: Policy): string {
  const lines = [
    ['# origin:', origin],
    ...logs.map(({ url, ...key }) => ['log', formatVerifierKey({ ...key, type: 'ed25519' }), url]),
    ...witnesses.map(({ name, keyName, url, ...key }) => [
      'witness',
      name,
      formatVerifierKey({ ...key, name: keyName, type: 'cosignature' }),
      url,
    ]),
    ...groups.map(({ name, threshold, members }) => ['group', name, String(threshold), ...members]),
    ['quorum', quorum],
  ];
  return lines.map((words) => formatLine(words.filter((word) => word !== undefined))).join('');
}

function formatLine([keyword = '', ...words]: readonly string[]): string {
  if (!words.every((word) => /^[^ \t\n]+$/.test(word))) throw new TypeError('policy: not one word');
  return `${[keyword, ...words].join(' ')}\n`;
}

/**
 * Makes a policy from keys; {@link formatPolicy} gives its text.
 * @throws TypeError for a key that none can be; ProofError policy_malformed for what breaks a rule of the text
 */
export function createPolicy(draft: PolicyDraft, sha256: Sha256): Policy {
  const keyed = <T>(
    entry: T & { readonly publicKey: Uint8Array },
    name: string,
    type: 'ed25519' | 'cosignature',
  ) => ({
    ...entry,
    keyId: createVerifierKey(sha256, { name, type, publicKey: entry.publicKey }).keyId,
  });
  const text = formatPolicy({
    ...draft,
    logs: draft.logs.map((log) => ({ ...keyed(log, draft.origin, 'ed25519'), name: draft.origin })),
    witnesses: draft.witnesses.map((witness) => keyed(witness, witness.keyName, 'cosignature')),
  });
  return parsePolicy(text, sha256);
}
