import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofCrypto, verifySignature } from '@attestel/ledger';
import {
  cosignaturesOf,
  createCheckpointCache,
  parseNote,
  parsePolicy,
  type ReceiptSubject,
  verifyCoseReceipt,
  verifyCosignedBody,
  verifyPolicyChain,
  verifyReceipt,
  verifyTlogProof,
} from '@attestel/proof';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOf } from './outcome.ts';
import { missing, titled, VECTORS, verify } from './python.ts';

// Damages good and bad vectors at random, writes down what @attestel/proof makes of them, and lets the Python
// verifier come to the same outcome. The seed is fixed unless given, so that a difference shows again.
const SEED = Number(process.env.ATTESTEL_DIFFERENTIAL_SEED ?? 20_261_122);
const CASES_PER_FILE = Number(process.env.ATTESTEL_DIFFERENTIAL_CASES ?? 300);

const { sha256 } = proofCrypto;
const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
const P256_MULTIKEY = [0x80, 0x24];

type Case = Readonly<Record<string, unknown>> & { readonly name: string };
type VectorFile = Readonly<Record<string, unknown>> & { readonly cases: readonly Case[] };
type Verify = (entry: Case, file: VectorFile) => unknown;

interface Subject {
  readonly file: string;
  /** The member of a case that is damaged. */
  readonly member: string;
  readonly unit: 'text' | 'hex';
  readonly verify: Verify;
}

const freshness = ({ now, maxAgeSeconds }: Case) =>
  typeof now === 'number' ? { now, ...(typeof maxAgeSeconds === 'number' && { maxAgeSeconds }) } : {};

const verifyNote: Verify = async (entry, file) => {
  const policy = parsePolicy(String(file.policy), sha256);
  const { text, signatures } = parseNote(String(entry.note));
  const bounds = typeof entry.now === 'number' ? { now: entry.now, ...freshness(entry) } : undefined;
  return verifyCosignedBody(policy, text, cosignaturesOf(policy, signatures), proofCrypto, bounds);
};

const verifyLinks: Verify = async (entry, file) => {
  const { sequence, policy } = file.trusted as { sequence: number; policy: string };
  const start = { sequence, policy: parsePolicy(policy, sha256) };
  return verifyPolicyChain(start, entry.links as string[], proofCrypto);
};

const verifyCose: Verify = async (entry) => {
  const trust = entry.trust as Record<'origin' | 'algorithm' | 'keyId' | 'publicKey', string>;
  const algorithm = trust.algorithm === 'ES256' ? 'ES256' : 'EdDSA';
  const check = (message: Uint8Array, signature: Uint8Array) =>
    algorithm === 'EdDSA'
      ? proofCrypto.verifyEd25519(unhex(trust.publicKey), message, signature)
      : verifySignature(Uint8Array.of(...P256_MULTIKEY, ...unhex(trust.publicKey)), message, signature);
  return verifyCoseReceipt(
    unhex(String(entry.receipt)),
    unhex(String(entry.leaf)),
    { origin: trust.origin, algorithm, keyId: unhex(trust.keyId), verify: check },
    sha256,
  );
};

const verifyBinary: Verify = async (entry, file) => {
  const policy = parsePolicy(String(entry.policy ?? file.policy), sha256);
  const cache = createCheckpointCache();
  if (entry.cached !== false) {
    const { text, signatures } = parseNote(String(file.note));
    cache.put(
      policy,
      await verifyCosignedBody(policy, text, cosignaturesOf(policy, signatures), proofCrypto),
    );
  }
  const about = entry.subject as ReceiptSubject | undefined;
  const options = {
    policy,
    crypto: proofCrypto,
    cache,
    ...freshness(entry),
    ...(about && { expect: about }),
  };
  return verifyReceipt(unhex(String(entry.receipt)), options);
};

const verifyText: Verify = async (entry, file) => {
  const policy = parsePolicy(String(file.policy), sha256);
  const options = { policy, crypto: proofCrypto, ...freshness(entry) };
  return verifyTlogProof(String(entry.proof), unhex(String(entry.leaf)), options);
};

const SUBJECTS: readonly Subject[] = [
  {
    file: 'policy.json',
    member: 'text',
    unit: 'text',
    verify: (entry) => parsePolicy(String(entry.text), sha256),
  },
  { file: 'cosigned.json', member: 'note', unit: 'text', verify: verifyNote },
  { file: 'policy-chain.json', member: 'links', unit: 'text', verify: verifyLinks },
  { file: 'cose.json', member: 'receipt', unit: 'hex', verify: verifyCose },
  { file: 'receipt.json', member: 'receipt', unit: 'hex', verify: verifyBinary },
  { file: 'tlog-proof.json', member: 'proof', unit: 'text', verify: verifyText },
];

const PIECES = {
  text: [
    '',
    ' ',
    '\n',
    '\n\n',
    '\t',
    '+',
    '=',
    '0',
    '1',
    '#',
    'none',
    '\u2014',
    '\u00a0',
    '\ud800',
    '\u0085',
    '北',
    '\ufeff',
  ],
  hex: ['', '00', '01', '7f', '80', 'ff', 'f6', '20', '18', '1b', '0000000000000000', '0020000000000000'],
} as const;

/** Drops up to two units (characters, or bytes of hex) somewhere and puts something there; else turns a bit. */
function damage(input: string, unit: 'text' | 'hex', at: number, drop: number, piece: number): string {
  const width = unit === 'hex' ? 2 : 1;
  const pieces = PIECES[unit];
  const start = (at % (input.length / width + 1)) * width;
  const old = input.slice(start, start + width);
  const turned =
    unit === 'hex'
      ? (Number.parseInt(old || '0', 16) ^ (1 << (piece % 8))).toString(16).padStart(2, '0')
      : 'A';
  const put = piece < pieces.length ? pieces[piece] : turned;
  return input.slice(0, start) + put + input.slice(start + (piece < pieces.length ? drop * width : width));
}

function damagedCases({ member, unit, file }: Subject, cases: readonly Case[]): Case[] {
  const pick = fc.tuple(fc.nat(cases.length - 1), fc.nat(), fc.nat(2), fc.nat(2 * PIECES[unit].length));
  return fc.sample(pick, { numRuns: CASES_PER_FILE, seed: SEED }).map(([which, at, drop, piece], i) => {
    const entry = cases[which] as Case;
    const { result: _result, canonical: _canonical, hash: _hash, ...rest } = entry;
    const whole = entry[member];
    const changed = Array.isArray(whole)
      ? whole.map((text) => damage(String(text), unit, at, drop, piece))
      : damage(String(whole), unit, at, drop, piece);
    return { ...rest, name: `${file} ${i}: ${entry.name}`, [member]: changed };
  });
}

describe.skipIf(missing)(titled('two implementations'), () => {
  test('come to the same outcome for whatever is done to the vectors', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'attestel-differential-'));
    const seen = new Set<string>();
    for (const subject of SUBJECTS) {
      const file = JSON.parse(readFileSync(join(VECTORS, subject.file), 'utf8')) as VectorFile;
      const cases = [];
      for (const entry of damagedCases(subject, file.cases)) {
        const outcome = await outcomeOf(() => subject.verify(entry, file));
        seen.add(outcome);
        cases.push({ ...entry, expect: outcome });
      }
      writeFileSync(join(folder, subject.file), JSON.stringify({ ...file, cases }));
    }
    const { status, stdout, stderr } = verify(folder);
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    expect(stdout).toContain(`${SUBJECTS.length * CASES_PER_FILE} cases, 0 failures`);
    expect(status).toBe(0);
    // The damage reaches past the parsers, and some of it does not matter.
    for (const code of [
      'accepted',
      'cosignature_invalid',
      'quorum_not_met',
      'cose_bad_signature',
      'path_mismatch',
    ]) {
      expect(seen).toContain(code);
    }
  });
});
