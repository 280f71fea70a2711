import {
  formatCosignature,
  formatLedgerBody,
  formatNote,
  formatNoteSignature,
  type NoteSignature,
} from '@attestel/proof';
import { hashOf, hex, malleated, sha256, utf8 } from './keys.ts';
import {
  BODY,
  cosign,
  keyOf,
  logLine,
  noteOf,
  ORIGIN,
  ROOT,
  STATE,
  signText,
  TIME,
  witnessKey,
} from './network.ts';

const ok = (time = TIME, body = BODY) => ({
  expect: 'accepted',
  result: { size: 1_000_003, root: hex(ROOT), state: hex(STATE), time, hash: hex(sha256(utf8(body))) },
});
const three = ['north', 'south', 'east'];
const note = (lines: readonly NoteSignature[], body = BODY): string => formatNote(body, lines);
const other = formatLedgerBody({ origin: 'other.example/ledger', size: 1_000_003, root: ROOT, state: STATE });
const noState = BODY.split('\n').slice(0, 3).join('\n').concat('\n');
/** As formatNote, without its own checks. */
const rawNote = (body: string): string =>
  `${body}\n${three.map((name) => formatNoteSignature(cosign(name, body))).join('')}`;

function withSignature(name: string, change: (signature: Uint8Array) => Uint8Array): NoteSignature {
  const line = cosign(name);
  return {
    ...line,
    signature: Uint8Array.from([...line.signature.slice(0, 8), ...change(line.signature.slice(8))]),
  };
}

const farTime = (time: bigint): NoteSignature => {
  const line = cosign('west');
  const value = Uint8Array.from(line.signature);
  new DataView(value.buffer).setBigUint64(0, time);
  return { ...line, signature: value };
};

const strange = { name: 'pq.example', keyId: Uint8Array.of(1, 2, 3, 4), signature: new Uint8Array(2428) };
/** Key of the witness under another name: the same key id cannot come out, so it is a stranger. */
const alias = { ...cosign('west'), name: 'alias.example/witness' };
const smallOrderR = Uint8Array.from([1, ...new Uint8Array(31)]);

export const COSIGNED_CASES = [
  { name: 'three of four', note: noteOf(three), ...ok() },
  { name: 'all four', note: noteOf([...three, 'west']), ...ok() },
  {
    name: 'any order of lines, with a log signature and strangers',
    note: note([strange, cosign('east'), logLine(), cosign('north'), cosign('south')]),
    ...ok(),
  },
  {
    name: 'time of the quorum is the third newest',
    note: note([
      cosign('north', BODY, TIME + 30),
      cosign('south', BODY, TIME - 600),
      cosign('east', BODY, TIME + 20),
      cosign('west', BODY, TIME - 5),
    ]),
    ...ok(TIME - 5),
  },
  {
    name: 'the largest time',
    note: note(three.map((name) => cosign(name, BODY, Number.MAX_SAFE_INTEGER))),
    ...ok(Number.MAX_SAFE_INTEGER),
  },
  { name: 'time zero', note: note(three.map((name) => cosign(name, BODY, 0))), ...ok(0) },
  { name: 'fresh to the second', note: noteOf(three), now: TIME + 300, maxAgeSeconds: 300, ...ok() },
  { name: 'ahead to the second', note: noteOf(three), now: TIME - 60, maxAgeSeconds: 300, ...ok() },
  {
    name: 'a minority from the future does not matter',
    note: note([...three.map((name) => cosign(name)), cosign('west', BODY, TIME + 9999)]),
    now: TIME,
    maxAgeSeconds: 10,
    ...ok(),
  },
  { name: 'two of four', note: noteOf(['north', 'south']), expect: 'quorum_not_met' },
  {
    name: 'a log signature is not a cosignature',
    note: note([logLine(), cosign('north'), cosign('south')]),
    expect: 'quorum_not_met',
  },
  {
    name: 'a plain signature of a witness is not a cosignature',
    note: note([cosign('north'), cosign('south'), signText('east', BODY)]),
    expect: 'quorum_not_met',
  },
  {
    name: 'a witness under another key name is a stranger',
    note: note([cosign('north'), cosign('south'), alias]),
    expect: 'quorum_not_met',
  },
  { name: 'another ledger', note: noteOf(three, other), expect: 'checkpoint_wrong_origin' },
  {
    name: 'another ledger, and nobody signed',
    note: note([strange], other),
    expect: 'checkpoint_wrong_origin',
  },
  {
    name: 'one witness twice',
    note: note([...three.map((name) => cosign(name)), cosign('east')]),
    expect: 'cosignature_duplicate',
  },
  {
    name: 'one witness twice at two times in place of a third',
    note: note([cosign('north'), cosign('south'), cosign('south', BODY, TIME + 1)]),
    expect: 'cosignature_duplicate',
  },
  {
    name: 'one wrong signature beside a quorum',
    note: note([
      ...three.map((name) => cosign(name)),
      withSignature('west', (bytes) => bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte))),
    ]),
    expect: 'cosignature_invalid',
  },
  {
    name: 'signature at another time',
    note: note([...three.map((name) => cosign(name)), farTime(BigInt(TIME) + 1n)]),
    expect: 'cosignature_invalid',
  },
  {
    name: 'signature over another state root',
    note: note(
      three.map((name) => cosign(name)),
      formatLedgerBody({ origin: ORIGIN, size: 1_000_003, root: ROOT, state: hashOf('forged') }),
    ),
    expect: 'cosignature_invalid',
  },
  {
    name: 'signature by another key under the key id of a witness',
    note: note([
      cosign('north'),
      cosign('south'),
      formatCosignature(witnessKey('east'), { time: TIME, signature: keyOf('stranger').sign(utf8(BODY)) }),
    ]),
    expect: 'cosignature_invalid',
  },
  {
    name: 'S + L',
    note: note([...three.map((name) => cosign(name)), withSignature('west', malleated)]),
    expect: 'cosignature_invalid',
  },
  {
    name: 'R of small order',
    note: note([
      ...three.map((name) => cosign(name)),
      withSignature('west', (bytes) => Uint8Array.from([...smallOrderR, ...bytes.slice(32)])),
    ]),
    expect: 'cosignature_invalid',
  },
  {
    name: 'a cosignature without its time',
    note: note([
      ...three.map((name) => cosign(name)),
      { ...cosign('west'), signature: cosign('west').signature.slice(8) },
    ]),
    expect: 'cosignature_malformed',
  },
  {
    name: 'a cosignature with a byte more',
    note: note([
      ...three.map((name) => cosign(name)),
      { ...cosign('west'), signature: Uint8Array.from([...cosign('west').signature, 0]) },
    ]),
    expect: 'cosignature_malformed',
  },
  {
    name: 'time 2^53',
    note: note([...three.map((name) => cosign(name)), farTime(2n ** 53n)]),
    expect: 'cosignature_malformed',
  },
  {
    name: 'time 2^63',
    note: note([...three.map((name) => cosign(name)), farTime(2n ** 63n)]),
    expect: 'cosignature_malformed',
  },
  {
    name: 'stale by a second',
    note: noteOf(three),
    now: TIME + 301,
    maxAgeSeconds: 300,
    expect: 'checkpoint_stale',
  },
  {
    name: 'one fresh witness does not make a quorum fresh',
    note: note([cosign('north'), cosign('south'), cosign('east', BODY, TIME + 301)]),
    now: TIME + 301,
    maxAgeSeconds: 300,
    expect: 'checkpoint_stale',
  },
  {
    name: 'from the future by a second',
    note: noteOf(three),
    now: TIME - 61,
    maxAgeSeconds: 300,
    expect: 'checkpoint_from_future',
  },
  { name: 'no state line', note: rawNote(noState), expect: 'checkpoint_malformed' },
  { name: 'two extension lines', note: rawNote(`${BODY}more\n`), expect: 'checkpoint_malformed' },
  {
    name: 'a state root of 31 bytes',
    note: rawNote(`${noState}state ${Buffer.alloc(31).toString('base64')}\n`),
    expect: 'checkpoint_malformed',
  },
  {
    name: 'a size with a leading zero',
    note: rawNote(BODY.replace('1000003', '01000003')),
    expect: 'checkpoint_malformed',
  },
  {
    name: 'a size of 2^53',
    note: rawNote(BODY.replace('1000003', '9007199254740992')),
    expect: 'checkpoint_malformed',
  },
  { name: 'no signatures', note: BODY, expect: 'note_malformed' },
  {
    name: 'a hyphen in place of the dash',
    note: noteOf(three).replace('\u2014', '-'),
    expect: 'note_malformed',
  },
  { name: 'a tab', note: noteOf(three).replace('state ', 'state\t'), expect: 'note_malformed' },
  { name: 'no newline at the end', note: noteOf(three).slice(0, -1), expect: 'note_malformed' },
];
