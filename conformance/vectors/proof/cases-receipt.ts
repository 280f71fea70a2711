import {
  type Cosignature,
  cosignatureMessage,
  encodeReceipt,
  formatLedgerBody,
  formatPolicy,
  formatNote,
  formatTlogProof,
  type Receipt,
  type ReceiptCheckpoint,
  stapleReceipt,
} from '@attestel/proof';
import { hashOf, hex, sha256, utf8 } from './keys.ts';
import { cosign, keyOf as signerOf, logLine, noteOf, ORIGIN, policyOf, TIME, witnessKey } from './network.ts';
import {
  absentKey,
  absentPath,
  keyOf,
  LEAVES,
  LEDGER_BODY,
  MODULE,
  ownPath,
  pathOf,
  rootOf,
  STATE_ROOT,
  valueOf,
} from './small-ledger.ts';

const three = ['north', 'south', 'east'];
export const CACHED_NOTE = noteOf(three, LEDGER_BODY);
const HASH = sha256(utf8(LEDGER_BODY));

const signature = (name: string, time = TIME, body = LEDGER_BODY): Cosignature => ({
  keyId: witnessKey(name).keyId,
  time,
  signature: signerOf(name).sign(cosignatureMessage(body, time)),
});
const signed = (names = three, time = TIME, body = LEDGER_BODY) => ({
  body,
  signatures: names.map((name) => signature(name, time, body)),
});

const reference: ReceiptCheckpoint = { form: 'reference', hash: HASH };
const state = (i: number): Receipt => ({
  kind: 'state',
  checkpoint: reference,
  module: MODULE,
  key: keyOf(i),
  path: ownPath(i),
});
const absent = (key: string): Receipt => ({
  kind: 'state',
  checkpoint: reference,
  module: MODULE,
  key,
  path: absentPath(key),
});
const event = (index: number): Receipt => ({
  kind: 'event',
  checkpoint: reference,
  index,
  path: pathOf(index),
  leaf: LEAVES[index] as Uint8Array,
});

const STATE = encodeReceipt(state(7));
const EVENT = encodeReceipt(event(13));
const STAPLED = stapleReceipt(sha256, STATE, signed());
const staple = (cosigned: { body: string; signatures: readonly Cosignature[] }, receipt = STATE): Uint8Array =>
  stapleReceipt(sha256, receipt, cosigned);
/** The state receipt with a stapled checkpoint that it was not made for. */
const stapledTo = (body: string): Uint8Array =>
  encodeReceipt({ ...state(7), checkpoint: { form: 'stapled', ...signed(three, TIME, body) } });

const stateResult = { kind: 'state', module: MODULE, key: keyOf(7), absent: false, value: hex(valueOf(7)) };
const eventResult = { kind: 'event', index: 13, leaf: hex(LEAVES[13] as Uint8Array) };
const absentResult = (key: string) => ({ kind: 'state', module: MODULE, key, absent: true });
const asked = { subject: { module: MODULE, key: keyOf(7) } };

const accepted = (name: string, receipt: Uint8Array, result: object, options: object = {}) => ({
  name,
  receipt: hex(receipt),
  ...options,
  expect: 'accepted',
  result,
});
const refused = (name: string, expect: string, receipt: Uint8Array, options: object = {}) => ({
  name,
  receipt: hex(receipt),
  ...options,
  expect,
});

/** Where the fields of the state receipt begin. */
const AT = { version: 0, kind: 1, form: 2, hash: 3, moduleLength: 35, module: 36, key: 41 } as const;
const put = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy.set(values, at);
  return copy;
};
const depthAt = AT.key + keyOf(7).length;
const bodyLength = utf8(LEDGER_BODY).length;
const firstKeyAt = AT.form + 1 + 2 + bodyLength + 1;
const entry = 4 + 8 + 64;
/** The stapled receipt with its cosignatures in the given order. */
const reordered = (order: readonly number[]): Uint8Array => {
  const copy = Uint8Array.from(STAPLED);
  order.forEach((from, to) => {
    copy.set(STAPLED.subarray(firstKeyAt + from * entry, firstKeyAt + (from + 1) * entry), firstKeyAt + to * entry);
  });
  return copy;
};

const OTHER = absentKey('other');
const EMPTY = absentKey('empty');
const otherBody = formatLedgerBody({ origin: 'other.example/ledger', size: 21, root: rootOf(21), state: STATE_ROOT });
const otherState = formatLedgerBody({ origin: ORIGIN, size: 21, root: rootOf(21), state: hashOf('other state') });
const weak = { policy: formatPolicy(policyOf(['north', 'south', 'east', 'west'], 2)) };
const fresh = { now: TIME + 30, maxAgeSeconds: 60 };

export const RECEIPT_CASES = [
  accepted('state, reference', STATE, stateResult, asked),
  accepted('state, stapled', STAPLED, stateResult, { ...asked, ...fresh, cached: false }),
  accepted('absent, another leaf', encodeReceipt(absent(OTHER)), absentResult(OTHER)),
  accepted('absent, an empty slot', encodeReceipt(absent(EMPTY)), absentResult(EMPTY)),
  accepted('event, reference', EVENT, eventResult, { subject: { index: 13 } }),
  accepted('event, stapled', staple(signed(), EVENT), eventResult, { cached: false }),
  accepted('two signatures where two are a quorum', staple(signed(['north', 'west'])), stateResult, {
    ...weak,
    cached: false,
  }),
  accepted('heartbeat: the same body signed later', staple(signed(three, TIME + 3600)), stateResult, {
    now: TIME + 3600,
    maxAgeSeconds: 60,
  }),
  accepted('at hand with a time in the future: the cosignatures of the staple count', staple(signed(three, TIME - 3600)), stateResult, {
    now: TIME - 3600,
    maxAgeSeconds: 60,
  }),
  refused('reference to a checkpoint that is not at hand', 'checkpoint_unknown', STATE, { cached: false }),
  refused('reference to another checkpoint', 'checkpoint_unknown', put(STATE, AT.hash, 0, 1, 2)),
  refused('stale reference', 'checkpoint_stale', STATE, { now: TIME + 61, maxAgeSeconds: 60 }),
  refused('stale staple', 'checkpoint_stale', STAPLED, { now: TIME + 61, maxAgeSeconds: 60, cached: false }),
  refused('from the future', 'checkpoint_from_future', STATE, { now: TIME - 61, maxAgeSeconds: 60 }),
  refused('of another network', 'checkpoint_wrong_origin', stapledTo(otherBody), { cached: false }),
  refused('too few cosignatures', 'quorum_not_met', staple(signed(['north', 'south'])), { cached: false }),
  refused('cosigned by strangers', 'quorum_not_met', staple(signed(['one', 'two', 'three'])), { cached: false }),
  refused('one signer twice', 'cosignature_duplicate', reordered([0, 0, 2]), { cached: false }),
  refused('a forged cosignature', 'cosignature_invalid', put(STAPLED, firstKeyAt + 20, 0, 0, 0), { cached: false }),
  refused('another time than the signed one', 'cosignature_invalid', put(STAPLED, firstKeyAt + 11, 0xff), {
    cached: false,
  }),
  refused('cosignatures out of order', 'receipt_malformed', reordered([1, 0, 2]), { cached: false }),
  refused('proof of another state', 'path_mismatch', stapledTo(otherState), { cached: false }),
  refused('receipt of another key', 'receipt_wrong_subject', encodeReceipt(state(8)), asked),
  refused('receipt of another module', 'receipt_wrong_subject', STATE, { subject: { module: 'x', key: keyOf(7) } }),
  refused('receipt of an entry for a key', 'receipt_wrong_subject', EVENT, asked),
  refused('receipt of another entry', 'receipt_wrong_subject', EVENT, { subject: { index: 12 } }),
  refused('key swapped in a proof', 'path_mismatch', encodeReceipt({ ...state(7), key: keyOf(8) } as Receipt)),
  refused('siblings swapped', 'path_mismatch', encodeReceipt({
    ...state(7),
    path: { ...ownPath(7), siblings: ownPath(7).siblings.with(0, ownPath(7).siblings[1] ?? null).with(1, ownPath(7).siblings[0] ?? null) },
  } as Receipt)),
  refused('another leaf said to be the own key', 'path_foreign_leaf', encodeReceipt({
    ...absent(OTHER),
    key: keyOf(7),
  } as Receipt)),
  refused('entry at another index', 'inclusion_mismatch', encodeReceipt({ ...event(13), index: 12 } as Receipt)),
  refused('entry beyond the log', 'index_out_of_range', encodeReceipt({ ...event(13), index: 21 } as Receipt)),
  refused('a log hash too few', 'path_truncated', encodeReceipt({ ...event(13), path: pathOf(13).slice(1) } as Receipt)),
  refused('a log hash too many', 'path_excess', encodeReceipt({
    ...event(13),
    path: [...pathOf(13), hashOf('more')],
  } as Receipt)),
  refused('another entry', 'inclusion_mismatch', encodeReceipt({ ...event(13), leaf: utf8('forged') } as Receipt)),
  refused('nothing', 'receipt_truncated', new Uint8Array()),
  refused('one byte short', 'receipt_truncated', STATE.slice(0, -1)),
  refused('cut in the checkpoint', 'receipt_truncated', STAPLED.slice(0, 200)),
  refused('one byte more', 'receipt_malformed', Uint8Array.from([...STATE, 0])),
  refused('another version', 'receipt_malformed', put(STATE, AT.version, 2)),
  refused('another kind', 'receipt_malformed', put(STATE, AT.kind, 3)),
  refused('another form', 'receipt_malformed', put(STATE, AT.form, 2)),
  refused('a module without name', 'receipt_malformed', Uint8Array.from([
    ...STATE.subarray(0, AT.moduleLength),
    0,
    ...STATE.subarray(AT.module + MODULE.length),
  ])),
  refused('U+0000 in the module', 'receipt_malformed', put(STATE, AT.module, 0)),
  refused('a key that is not UTF-8', 'receipt_malformed', put(STATE, AT.key, 0xff)),
  refused('an overlong key', 'receipt_malformed', put(STATE, AT.key, 0xc1, 0xa4)),
  refused('a path deeper than a key', 'receipt_malformed', put(STATE, depthAt, 1, 1)),
  refused('an unused bit', 'receipt_malformed', put(STATE, depthAt + 2, (STATE[depthAt + 2] ?? 0) | 1)),
  refused('a checkpoint without cosignatures', 'receipt_malformed', put(STAPLED, firstKeyAt - 1, 0)),
  refused('an index of 2^53', 'receipt_malformed', put(EVENT, AT.moduleLength, 0, 0x20, 0, 0, 0, 0, 0, 0)),
];

const note = formatNote(LEDGER_BODY, [logLine(LEDGER_BODY), ...three.map((name) => cosign(name, LEDGER_BODY))]);
const PROOF = formatTlogProof({ index: 13, path: pathOf(13), note });
const LEAF = hex(LEAVES[13] as Uint8Array);
const text = (name: string, expect: string, proof: string, options: object = {}) => ({
  name,
  proof,
  leaf: LEAF,
  ...options,
  expect,
  ...(expect === 'accepted' && { result: eventResult }),
});

export const TLOG_PROOF_CASES = [
  text('a log entry', 'accepted', PROOF),
  text('with extra data', 'accepted', formatTlogProof({ index: 13, path: pathOf(13), note, extra: utf8('any') })),
  text('fresh', 'accepted', PROOF, fresh),
  text('stale', 'checkpoint_stale', PROOF, { now: TIME + 61, maxAgeSeconds: 60 }),
  text('another entry', 'inclusion_mismatch', PROOF, { leaf: hex(utf8('forged')) }),
  text('another index', 'inclusion_mismatch', PROOF.replace('index 13', 'index 12')),
  text('a hash dropped', 'path_truncated', PROOF.replace(/(index 13\n)[^\n]+\n/, '$1')),
  text('too few witnesses', 'quorum_not_met', PROOF.replace(/\u2014 east[^\n]+\n/, '')),
  text('another first line', 'tlog_proof_malformed', PROOF.replace('@v1', '@v2')),
  text('an index with a leading zero', 'tlog_proof_malformed', PROOF.replace('index 13', 'index 013')),
  text('an index of 2^53', 'tlog_proof_malformed', PROOF.replace('index 13', 'index 9007199254740992')),
  text('no index', 'tlog_proof_malformed', PROOF.replace('index 13\n', '')),
  text('a hash of 31 bytes', 'tlog_proof_malformed', PROOF.replace('index 13\n', `index 13\n${'A'.repeat(42)}==\n`)),
  text('extra data after the index', 'tlog_proof_malformed', PROOF.replace('index 13\n', 'index 13\nextra AAAA\n')),
  text('extra data without padding', 'tlog_proof_malformed', PROOF.replace('index 13\n', 'extra AA\nindex 13\n')),
  text('carriage returns', 'tlog_proof_malformed', PROOF.replaceAll('\n', '\r\n')),
  text('no checkpoint', 'tlog_proof_malformed', PROOF.slice(0, PROOF.indexOf('\n\n') + 1)),
  text('no newline at the end', 'note_malformed', PROOF.slice(0, -1)),
];
