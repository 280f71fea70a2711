import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  formatCheckpointBody,
  formatNote,
  formatNoteSignature,
  noteKeyId,
  ProofError,
  parseCheckpoint,
  parseNote,
  type Sha256,
  type SyncProofCrypto,
  verifyCheckpoint,
} from '../src/index.ts';

const sha256: Sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest());
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const crypto: SyncProofCrypto = {
  sha256,
  verifyEd25519: (publicKey, message, signature) =>
    verify(
      null,
      message,
      createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' }),
      signature,
    ),
};

// A key from a fixed seed, so that the note below is a vector that anyone can rebuild.
const seed = sha256(new TextEncoder().encode('attestel checkpoint vector'));
const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
const publicKey = new Uint8Array(
  createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(12),
);
const ORIGIN = 'ledger.example/test/v0';
const root = sha256(new TextEncoder().encode('root'));
const body = formatCheckpointBody({ origin: ORIGIN, size: 42, root });
const keyId = noteKeyId(sha256, ORIGIN, publicKey);
const signed = (text: string, name = ORIGIN) => ({
  name,
  keyId: noteKeyId(sha256, name, publicKey),
  signature: new Uint8Array(sign(null, Buffer.from(text), privateKey)),
});
const note = formatNote(body, [signed(body)]);
const trust = { origin: ORIGIN, keys: [{ name: ORIGIN, publicKey }] };
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof ProofError) return error.code;
    throw error;
  }
  return 'accepted';
};

describe('checkpoint format', () => {
  it('writes the constructed vector byte for byte', () => {
    expect(note).toBe(
      [
        'ledger.example/test/v0',
        '42',
        'SBNJTRN+FjG7owHVrKtue7eqdM4RhdRWVl71HXN2d7I=',
        '',
        '\u2014 ledger.example/test/v0 sl1DHRqN4tDtlrh9x7CpehxnkVmsAd7OBDjaU2rXWhr4KfZAnP2+chPHQ7IE791BwRZnG3w9a0wTb68mLhTw05FFKwM=',
        '',
      ].join('\n'),
    );
  });

  it('reads back what it wrote', () => {
    const extensions = ['state AAAA'];
    const text = formatCheckpointBody({ origin: ORIGIN, size: 0, root, extensions });
    const parsed = parseCheckpoint(formatNote(text, [signed(text)]));
    expect(parsed).toMatchObject({ origin: ORIGIN, size: 0, root, extensions, body: text });
    expect(parsed.signatures).toEqual([signed(text)]);
  });

  it.each([
    ['an empty origin', `\n42\n${'A'.repeat(43)}=\n`],
    ['two lines only', `${ORIGIN}\n42\n`],
    ['a leading zero', body.replace('42', '042')],
    ['a sign', body.replace('42', '+42')],
    ['a hexadecimal size', body.replace('42', '0x42')],
    ['a size beyond exact numbers', body.replace('42', '9007199254740993')],
    ['a short root', `${ORIGIN}\n42\nAAAA\n`],
    ['a root with trailing bits', body.replace(/.=\n$/, 'Z=\n').replace(/(.)Z=/, '$1Z=')],
    ['an empty extension line', `${body}\nx\n`],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => parseCheckpoint(formatNote(text, [signed(text)])))).toMatch(/malformed$/);
  });

  it.each([
    ['no blank line', body],
    ['no signature', `${body}\n`],
    ['no final newline', note.slice(0, -1)],
    ['a hyphen instead of the em dash', note.replace('\u2014', '-')],
    ['two spaces in the signature line', note.replace(`${ORIGIN} `, `${ORIGIN}  `)],
    ['text after the signature', note.replace(/\n$/, ' x\n')],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['a tab', note.replace('42', '42\t')],
    ['a plus in the key name', `${body}\n\u2014 a+b AAAAAAAA\n`],
    ['an ideographic space in the key name', `${body}\n\u2014 a\u3000b AAAAAAAA\n`],
    ['a signature without bytes', `${body}\n\u2014 a AAAAAA==\n`],
    ['unpadded base64', `${body}\n\u2014 a AAAAAAA\n`],
    ['a lone surrogate', note.replace('42', '4\ud800')],
    ['too many signatures', `${body}\n${`\u2014 a AAAAAAAA\n`.repeat(65)}`],
    ['more text than any note needs', `${'x'.repeat(300_000)}\n\n\u2014 a AAAAAAAA\n`],
  ])('refuses a note with %s', (_, text) => {
    expect(codeOf(() => parseCheckpoint(text))).toMatch(/malformed$/);
  });

  it('ends the text at the last empty line of a note', () => {
    expect(parseNote(formatNote('one\n\ntwo\n', [signed('x')])).text).toBe('one\n\ntwo\n');
  });

  it('refuses to write what it would not read', () => {
    expect(() => formatCheckpointBody({ origin: 'a\nb', size: 1, root })).toThrow(TypeError);
    expect(() => formatCheckpointBody({ origin: ORIGIN, size: -1, root })).toThrow(TypeError);
    expect(() => formatCheckpointBody({ origin: ORIGIN, size: 1, root: root.slice(1) })).toThrow(TypeError);
    expect(() => formatCheckpointBody({ origin: ORIGIN, size: 1, root, extensions: [''] })).toThrow(
      TypeError,
    );
    expect(() => formatNote('no newline', [signed(body)])).toThrow(TypeError);
    expect(() => formatNote(body, [])).toThrow(TypeError);
    expect(() => formatNoteSignature({ name: 'a b', keyId, signature: root })).toThrow(TypeError);
    expect(() => formatNoteSignature({ name: 'a', keyId: root, signature: root })).toThrow(TypeError);
    expect(() => noteKeyId(sha256, 'a', root.slice(1))).toThrow(TypeError);
  });
});

describe('checkpoint verification', () => {
  it('verifies the published example note of the Go package sumdb/note', () => {
    const text =
      'If you think cryptography is the answer to your problem,\n' +
      "then you don't know what your problem is.\n";
    const line =
      '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
    const key = new Uint8Array(
      Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1),
    );
    const example = parseNote(`${text}\n${line}`);
    expect(example.text).toBe(text);
    expect(example.signatures[0]?.keyId).toEqual(noteKeyId(sha256, 'PeterNeumann', key));
    const { signature } = example.signatures[0] ?? { signature: new Uint8Array() };
    expect(crypto.verifyEd25519(key, new TextEncoder().encode(text), signature)).toBe(true);
    expect(formatNote(example.text, example.signatures)).toBe(`${text}\n${line}`);
  });

  it('accepts the signature of a trusted key', () => {
    expect(verifyCheckpoint(note, trust, crypto)).toMatchObject({ origin: ORIGIN, size: 42, root });
  });

  it('ignores signatures of unknown keys, even under a known name', () => {
    const stranger = { name: ORIGIN, keyId: Uint8Array.of(1, 2, 3, 4), signature: new Uint8Array(64) };
    expect(verifyCheckpoint(formatNote(body, [stranger, signed(body)]), trust, crypto).size).toBe(42);
    expect(codeOf(() => verifyCheckpoint(formatNote(body, [stranger]), trust, crypto))).toBe(
      'checkpoint_not_signed',
    );
    const otherName = formatNote(body, [signed(body, 'other.example')]);
    expect(codeOf(() => verifyCheckpoint(otherName, trust, crypto))).toBe('checkpoint_not_signed');
  });

  it('rejects the note when a trusted key id carries a wrong signature', () => {
    const forged = { ...signed(body), signature: new Uint8Array(64) };
    expect(codeOf(() => verifyCheckpoint(formatNote(body, [signed(body), forged]), trust, crypto))).toBe(
      'checkpoint_bad_signature',
    );
    expect(codeOf(() => verifyCheckpoint(note.replace('\n42\n', '\n43\n'), trust, crypto))).toBe(
      'checkpoint_bad_signature',
    );
  });

  it('does not take a promise of the port for a yes', () => {
    const late = { sha256, verifyEd25519: async () => true };
    const port = late as unknown as SyncProofCrypto;
    expect(codeOf(() => verifyCheckpoint(note, trust, port))).toBe('checkpoint_bad_signature');
  });

  it('rejects the checkpoint of another log', () => {
    expect(codeOf(() => verifyCheckpoint(note, { ...trust, origin: 'x' }, crypto))).toBe(
      'checkpoint_wrong_origin',
    );
  });
});
