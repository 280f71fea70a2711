import { type CborValue, compareBytes, decodeCbor, encodeCbor, equalBytes } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import {
  createDid,
  didOfGenesis,
  parseGenesis,
  verifyFirstDocument,
  verifyGenesis,
} from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { party } from '../fakes/party.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';

const alice = party('genesis-alice');
const genesis = decodeCbor(alice.genesis) as { readonly [field: string]: CborValue };
const withFields = (fields: Readonly<Record<string, CborValue>>) => encodeCbor({ ...genesis, ...fields });
const sorted = (...names: string[]) => names.map((name) => publicKeyOf(name)).sort(compareBytes);
const refused = (code: string) => expect.objectContaining({ code });

describe('genesis (specs/did-mno.md §4)', () => {
  test('has exactly the fields of the specification', () => {
    expect(Object.keys(genesis).sort()).toEqual([
      'document',
      'keys',
      'ledgerKeys',
      'network',
      'next',
      'nextThreshold',
      'nonce',
      'recovery',
      'threshold',
      'v',
    ]);
    expect(genesis.recovery).toBeNull();
  });

  test('the DID is the hash of network and genesis, without signatures', () => {
    expect(didOfGenesis('test', alice.genesis, sha256)).toBe(alice.did);
    expect(didOfGenesis('other', alice.genesis, sha256)).not.toBe(alice.did);
    expect(verifyGenesis(alice.did, alice.genesis, sha256)).toEqual(genesis);
  });

  test('the same keys give another DID each time, and the salt another commitment', () => {
    const make = (seed: string) =>
      createDid({
        network: 'test',
        controlKey: seededSigner('same/1'),
        nextKeys: [publicKeyOf('same/2')],
        ledgerKeys: [],
        document: { verificationMethods: [] },
        random: seededRandom(seed),
      });
    const [one, two] = [make('one'), make('two')];
    expect(one.did).not.toBe(two.did);
    const commitment = (bytes: Uint8Array) => parseGenesis(bytes, sha256).document;
    expect(equalBytes(commitment(one.genesis), commitment(two.genesis))).toBe(false);
  });

  test('one changed byte is another DID', () => {
    for (let at = 0; at < alice.genesis.length; at += 17) {
      const changed = alice.genesis.slice();
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => verifyGenesis(alice.did, changed, sha256)).toThrow(refused('genesis_mismatch'));
    }
  });

  test('a genesis for one network makes no DID of another', () => {
    const foreign = didOfGenesis('other', alice.genesis, sha256);
    expect(() => verifyGenesis(foreign, alice.genesis, sha256)).toThrow(refused('wrong_network'));
  });

  test.each<[string, Readonly<Record<string, CborValue>>]>([
    ['an unknown version', { v: 2 }],
    ['a version as text', { v: '1' }],
    ['an unknown field', { extra: 1 }],
    ['a bad network label', { network: 'Test' }],
    ['a short nonce', { nonce: new Uint8Array(15) }],
    ['no control key', { keys: [] }],
    ['nine control keys', { keys: sorted(...'abcdefghi') }],
    ['the same control key twice', { keys: [publicKeyOf('a'), publicKeyOf('a')] }],
    ['control keys out of order', { keys: sorted('a', 'b').reverse() }],
    ['a key of an unknown kind', { keys: [Uint8Array.of(0xe7, 1, ...new Uint8Array(33))] }],
    ['a P-256 point off the curve', { keys: [Uint8Array.of(0x80, 0x24, 2, ...new Uint8Array(31), 1)] }],
    ['a zero threshold', { threshold: 0 }],
    ['a negative threshold', { threshold: -1 }],
    ['a threshold above the number of keys', { threshold: 2 }],
    ['no commitment to next keys: pre-rotation is mandatory', { next: [] }],
    ['a commitment of 31 bytes', { next: [new Uint8Array(31)] }],
    ['the same commitment twice', { next: [new Uint8Array(32), new Uint8Array(32)] }],
    ['a zero threshold for the next keys', { nextThreshold: 0 }],
    ['a threshold above the number of next keys', { nextThreshold: 2 }],
    ['a ledger key name that is no fragment', { ledgerKeys: [['a#b', publicKeyOf('l')]] }],
    [
      'two ledger keys of one name',
      {
        ledgerKeys: [
          ['l', publicKeyOf('l')],
          ['l', publicKeyOf('m')],
        ],
      },
    ],
    [
      'one ledger key under two names',
      {
        ledgerKeys: [
          ['l', publicKeyOf('l')],
          ['m', publicKeyOf('l')],
        ],
      },
    ],
    [
      'ledger keys out of order',
      {
        ledgerKeys: [
          ['m', publicKeyOf('l')],
          ['l', publicKeyOf('m')],
        ],
      },
    ],
    ['a document commitment of 20 bytes', { document: new Uint8Array(20) }],
    ['a recovery commitment that is text', { recovery: 'none' }],
    ['a recovery commitment of 31 bytes', { recovery: new Uint8Array(31) }],
  ])('refuses %s', (_, fields) => {
    expect(() => parseGenesis(withFields(fields), sha256)).toThrow(refused('invalid_genesis'));
  });

  test('refuses a field left out', () => {
    for (const field of Object.keys(genesis)) {
      const { [field]: _, ...rest } = genesis;
      expect(() => parseGenesis(encodeCbor(rest), sha256), field).toThrow(refused('invalid_genesis'));
    }
  });

  test('refuses another encoding of the same content', () => {
    const longer = new Uint8Array([0xb8, 10, ...alice.genesis.slice(1)]); // map head not in shortest form
    expect(() => parseGenesis(longer, sha256)).toThrow(refused('invalid_genesis'));
    expect(() => parseGenesis(new Uint8Array([...alice.genesis, 0]), sha256)).toThrow(
      refused('invalid_genesis'),
    );
    expect(() => parseGenesis(new Uint8Array(), sha256)).toThrow(refused('invalid_genesis'));
    expect(() => parseGenesis(new Uint8Array(5000), sha256)).toThrow(refused('invalid_genesis'));
  });

  test('accepts a recovery commitment of 32 bytes', () => {
    expect(parseGenesis(withFields({ recovery: new Uint8Array(32) }), sha256).recovery).toHaveLength(32);
  });

  test.each<[string, Readonly<Record<string, CborValue>>]>([
    ['a control key committed to again', { next: [...commitNextKeys([alice.control(1).publicKey], sha256)] }],
    ['a control key as ledger key', { ledgerKeys: [['l', alice.control(1).publicKey]] }],
    ['a next key as ledger key', { ledgerKeys: [['l', alice.control(2).publicKey]] }],
  ])('refuses %s', (_, fields) => {
    expect(() => parseGenesis(withFields(fields), sha256)).toThrow(refused('key_reused'));
  });

  test('the first document is proved by genesis and attachment alone', () => {
    expect(verifyFirstDocument(alice.did, alice.genesis, alice.attachment, sha256)).toEqual(alice.document);
    const other = party('genesis-bob').attachment;
    expect(() => verifyFirstDocument(alice.did, alice.genesis, other, sha256)).toThrow(
      refused('document_mismatch'),
    );
  });
});
