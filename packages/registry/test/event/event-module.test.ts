import type { Bytes, CborValue } from '@attestel/core';
import { createEventLines, digestOf, type Rule } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32, channelLedger, type FakeChannels } from '../fake-channels.ts';
import { A, B, C, STRANGER, V } from '../fake-ledger.ts';

const REF = bytes32('ref');
const OTHER = bytes32('other');
const MODULE = bytes32('module');
const KEY = Uint8Array.of(0xed, 0x01, ...bytes32('key'));

const ruleOf = (dids: readonly string[], threshold = 1, change: Partial<Rule> = {}) =>
  ({ threshold, resolution: threshold, dids, keys: [], roles: [], ...change }) as unknown as Record<
    string,
    CborValue
  >;

type Heads = readonly { ref: Bytes; prevHead: Bytes | null; rule?: CborValue }[];

const lineOf = (heads: Heads, change: Record<string, CborValue> = {}) => ({
  heads: heads.map(({ rule = null, ...head }) => ({ ...head, rule })),
  unique: [],
  hold: [],
  release: [],
  moduleDigest: MODULE,
  digest: bytes32('digest'),
  batch: null,
  shared: null,
  ...change,
});

const line = (heads: Heads, by: readonly string[], change: Record<string, CborValue> = {}) => ({
  module: 'event',
  ns: 'gd',
  kind: 'line',
  body: lineOf(heads, change),
  by,
});

const first = (ref: Bytes, rule: CborValue) => ({ ref, prevHead: null, rule });
const linesOf = (ledger: FakeChannels) => createEventLines({ state: ledger.read } as never);

describe('heads', () => {
  it('begin with a line that fixes the rule, and keep their lines in order', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A, B]))], [A])).id;
    const two = ledger.submit(line([{ ref: REF, prevHead: one }], [B])).id;
    const lines = linesOf(ledger);
    expect(lines.head('gd', REF)).toMatchObject({
      line: two,
      count: 2,
      rule: { dids: [A, B] },
      dispute: null,
    });
    expect(lines.lines('gd', REF).map(({ id, number, actor }) => [number, id, actor])).toEqual([
      [1, one, A],
      [2, two, B],
    ]);
    expect(lines.lines('gd', REF, 2)).toHaveLength(1);
    expect(lines.head('hn', REF)).toBeUndefined();
    expect(lines.line('gd', one)).toMatchObject({ moduleDigest: MODULE, refs: [REF], batch: null });
  });

  it('take one of two lines that follow the same one', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A, B]))], [A])).id;
    expect(ledger.refusal(line([{ ref: REF, prevHead: one }], [A]))).toBeUndefined();
    expect(ledger.refusal(line([{ ref: REF, prevHead: one }], [B]))).toBe(
      'line_head_conflict /heads/0/prevHead',
    );
    expect(ledger.refusal(line([first(REF, ruleOf([B]))], [B]))).toBe('line_head_conflict /heads/0/prevHead');
    expect(ledger.refusal(line([{ ref: OTHER, prevHead: one }], [A]))).toBe(
      'line_head_conflict /heads/0/prevHead',
    );
  });

  it('move all or none', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A]))], [A])).id;
    const before = [...ledger.state('event').list('')];
    const heads = [
      { ref: REF, prevHead: one },
      { ref: OTHER, prevHead: one },
    ];
    expect(ledger.refusal(line(heads, [A]))).toBe('line_head_conflict /heads/1/prevHead');
    expect([...ledger.state('event').list('')]).toEqual(before);
    const both = [{ ref: REF, prevHead: one }, first(OTHER, ruleOf([B]))];
    const two = ledger.submit(line(both, [A])).id;
    expect([REF, OTHER].map((ref) => linesOf(ledger).head('gd', ref)?.line)).toEqual([two, two]);
  });
});

describe('a rule', () => {
  it('is satisfied by distinct parties it names, as DIDs, keys or roles', () => {
    const cases: [Rule | Record<string, CborValue>, readonly string[], Bytes[], boolean][] = [
      [ruleOf([A, B], 2), [A], [], false],
      [ruleOf([A, B], 2), [A, B], [], true],
      [ruleOf([A, B], 2), [A, STRANGER], [], false],
      [ruleOf([A], 2, { keys: [KEY] }), [A], [], false],
      [ruleOf([A], 2, { keys: [KEY] }), [A], [KEY], true],
      [ruleOf([], 1, { keys: [KEY] }), [C], [KEY], true],
      [ruleOf([], 1, { roles: ['vendor'] }), [A], [], false],
      [ruleOf([], 1, { roles: ['vendor'] }), [A, V], [], true],
      [ruleOf([], 2, { roles: ['governor'] }), [A, C], [], false],
      [ruleOf([], 2, { roles: ['governor'] }), [A, B], [], true],
      [ruleOf([], 1, { roles: ['writer'] }), [C], [], true],
      // One party under two titles stays one party.
      [ruleOf([A], 2, { roles: ['operator', 'governor', 'writer'] }), [A], [], false],
    ];
    for (const [rule, by, keys, holds] of cases) {
      const ledger = channelLedger();
      const one = ledger.submit(line([first(REF, rule as CborValue)], [A])).id;
      const refusal = ledger.refusal({ ...line([{ ref: REF, prevHead: one }], by), keys });
      expect(refusal, JSON.stringify([rule, by])).toBe(holds ? undefined : 'line_rule_unmet /heads/0');
    }
  });

  it('is replaced only by a line that satisfies it', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A]))], [A])).id;
    const take = (prevHead: Bytes, by: string[]) => line([{ ref: REF, prevHead, rule: ruleOf([B]) }], by);
    expect(ledger.refusal(take(one, [B]))).toBe('line_rule_unmet /heads/0');
    const two = ledger.submit(take(one, [A])).id;
    expect(ledger.refusal(line([{ ref: REF, prevHead: two }], [A]))).toBe('line_rule_unmet /heads/0');
    expect(ledger.refusal(line([{ ref: REF, prevHead: two }], [B]))).toBeUndefined();
  });

  it('gives way only to as many of its parties as a resolution needs', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A, B], 1, { resolution: 2 }))], [A])).id;
    // Otherwise A could write what B disagrees with, and in the same line take B's say away.
    const alone = line([{ ref: REF, prevHead: one, rule: ruleOf([A]) }], [A]);
    expect(ledger.refusal(alone)).toBe('line_rule_unmet /heads/0');
    expect(ledger.refusal({ ...alone, by: [A, B] })).toBeUndefined();
  });

  it('of writers is moved by each of them and taken over by none', () => {
    const ledger = channelLedger();
    const anyone = ruleOf([], 1, { roles: ['writer'] });
    const one = ledger.submit(line([first(REF, anyone)], [A])).id;
    const seize = line([{ ref: REF, prevHead: one, rule: ruleOf([C]) }], [C]);
    expect(ledger.refusal(seize)).toBe('line_rule_unmet /heads/0');
    expect(ledger.refusal(line([{ ref: REF, prevHead: one }], [C]))).toBeUndefined();
    const other = ledger.submit(line([first(OTHER, { ...anyone, dids: [A] })], [A])).id;
    const hand = (by: string) => line([{ ref: OTHER, prevHead: other, rule: ruleOf([B]) }], [by]);
    expect(ledger.refusal(hand(C))).toBe('line_rule_unmet /heads/0');
    expect(ledger.refusal(hand(A))).toBeUndefined();
  });

  it('counts each signature for one party', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A, B], 2))], [A])).id;
    ledger.lendKey(A, B);
    const next = line([{ ref: REF, prevHead: one }], [A]);
    expect(ledger.refusal(next)).toBe('line_rule_unmet /heads/0');
    // Whoever carries an operation can hang any key's signature on it.
    expect(ledger.refusal({ ...next, keys: [KEY] })).toBe('line_rule_unmet /heads/0');
    expect(ledger.refusal({ ...next, by: [A, C] })).toBe('line_rule_unmet /heads/0');
    expect(ledger.refusal({ ...next, by: [A, B] })).toBeUndefined();
  });

  it('asks a role of the registry once, however many objects a line moves', () => {
    const ledger = channelLedger();
    const vendors = ruleOf([], 1, { roles: ['vendor'] });
    const refs = Array.from({ length: 16 }, (_, i) => bytes32(`ref ${i}`));
    const one = ledger.submit(
      line(
        refs.map((ref) => first(ref, vendors)),
        [A],
      ),
    ).id;
    const reads = ledger.countReads('registry', 'member/');
    const heads = refs.map((ref) => ({ ref, prevHead: one }));
    expect(ledger.refusal(line(heads, [A, V]))).toBeUndefined();
    expect(reads()).toBe(1);
  });

  it('counts nobody whom the consortium suspended', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A, B], 2))], [A])).id;
    ledger.submit({ module: 'registry', kind: 'member.suspend', body: { did: B }, by: [A, C, V] });
    expect(ledger.refusal(line([{ ref: REF, prevHead: one }], [A, B]))).toBe('line_rule_unmet /heads/0');
  });
});

describe('tokens', () => {
  const T = bytes32('token');

  it('are unique in a channel, and in that channel only', () => {
    const ledger = channelLedger();
    const body = { unique: [T] };
    ledger.submit(line([first(REF, ruleOf([A]))], [A], body));
    expect(ledger.refusal(line([first(OTHER, ruleOf([B]))], [B], body))).toBe('line_token_taken /unique/0');
    expect(ledger.refusal(line([first(OTHER, ruleOf([B]))], [B], { hold: [T] }))).toBe(
      'line_token_taken /hold/0',
    );
    const main = { ...line([first(REF, ruleOf([A]))], [A], body), ns: 'main' };
    expect(ledger.refusal(main)).toBeUndefined();
    expect(linesOf(ledger).token('gd', T)).toMatchObject({ ref: REF, releasable: false });
  });

  it('taken by hold are released by a line of the object that holds them; taken by unique never', () => {
    const ledger = channelLedger();
    const S = bytes32('slot');
    const one = ledger.submit(line([first(REF, ruleOf([A]))], [A], { unique: [T], hold: [S] })).id;
    const other = ledger.submit(line([first(OTHER, ruleOf([B]))], [B])).id;
    const release = (ref: Bytes, prevHead: Bytes, by: string, token: Bytes) =>
      ledger.refusal(line([{ ref, prevHead }], [by], { release: [token] }));
    expect(release(OTHER, other, B, S)).toBe('line_token_not_held /release/0');
    expect(release(REF, one, A, T)).toBe('line_token_not_held /release/0');
    expect(release(REF, one, A, bytes32('none'))).toBe('line_token_not_held /release/0');
    expect(release(REF, one, A, S)).toBeUndefined();
    expect(linesOf(ledger).token('gd', S)).toBeUndefined();
    const again = line([{ ref: OTHER, prevHead: other }], [B], { hold: [S] });
    expect(ledger.refusal(again)).toBeUndefined();
  });

  it('pass to another object in one line that moves both', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A]))], [A], { hold: [T] })).id;
    const heads = [first(OTHER, ruleOf([B])), { ref: REF, prevHead: one }];
    ledger.submit(line(heads, [A], { release: [T], hold: [T] }));
    expect(linesOf(ledger).token('gd', T)?.ref).toEqual(OTHER);
  });
});

describe('a dispute', () => {
  const dispute = (head: Bytes, by: readonly string[]) => ({
    module: 'event',
    ns: 'gd',
    kind: 'dispute',
    body: { ref: REF, head, digest: bytes32('reasons') },
    by,
  });

  it('by a party of the rule marks the last line; then only a resolution moves the object', () => {
    const ledger = channelLedger();
    const rule = ruleOf([A, B], 1, { resolution: 2 });
    const one = ledger.submit(line([first(REF, rule)], [A])).id;
    expect(ledger.refusal(dispute(one, [C]))).toBe('line_not_party /ref');
    const said = ledger.submit(dispute(one, [B])).id;
    expect(linesOf(ledger).head('gd', REF)).toMatchObject({
      line: one,
      dispute: { operation: said, actor: B, digest: bytes32('reasons') },
    });
    expect(ledger.refusal(dispute(one, [A]))).toBe('line_disputed /head');
    expect(ledger.refusal(line([{ ref: REF, prevHead: one }], [A]))).toBe('line_rule_unmet /heads/0');
    const two = ledger.submit(line([{ ref: REF, prevHead: one }], [A, B])).id;
    expect(linesOf(ledger).head('gd', REF)?.dispute).toBeNull();
    expect(linesOf(ledger).line('gd', two)?.resolved).toEqual([said]);
    expect(ledger.refusal(line([{ ref: REF, prevHead: two }], [A]))).toBeUndefined();
  });

  it('is about the last line only', () => {
    const ledger = channelLedger();
    const one = ledger.submit(line([first(REF, ruleOf([A, B]))], [A])).id;
    ledger.submit(line([{ ref: REF, prevHead: one }], [A]));
    expect(ledger.refusal(dispute(one, [B]))).toBe('line_head_conflict /head');
    expect(ledger.refusal(dispute(bytes32('none'), [B]))).toBe('line_head_conflict /head');
  });
});

describe('who acts', () => {
  it('signs, and writes in the channel', () => {
    const ledger = channelLedger();
    expect(ledger.refusal(line([first(REF, ruleOf([A]))], [STRANGER, A]))).toBe(
      'channel_not_writer /payload/actor',
    );
    ledger.dropKeys(C);
    const ofC = line([first(REF, ruleOf([A]))], [C]);
    expect(ledger.refusal(ofC)).toBe('channel_not_writer /payload/actor');
    expect(ledger.refusal({ ...ofC, ns: 'main', by: [STRANGER] })).toBe('registry_not_member /actor');
  });
});

describe('the form of a line', () => {
  const head = first(REF, ruleOf([A]));
  it.each<[string, Heads, Record<string, CborValue>, string]>([
    ['no head', [], {}, '/heads'],
    ['a first line without a rule', [{ ref: REF, prevHead: null }], {}, '/heads/0/rule'],
    ['an object twice', [head, head], {}, '/heads'],
    ['17 heads', Array.from({ length: 17 }, (_, i) => first(bytes32(i), ruleOf([A]))), {}, '/heads'],
    ['a short ref', [{ ...head, ref: new Uint8Array(31) }], {}, '/heads/0/ref'],
    ['a token twice', [head], { unique: [REF, REF] }, '/unique'],
    ['a token in both lists', [head], { unique: [REF], hold: [REF] }, '/hold'],
    ['65 tokens', [head], { hold: Array.from({ length: 65 }, (_, i) => bytes32(i)) }, '/hold'],
    ['an empty batch', [head], { batch: { size: 0, root: REF } }, '/batch/size'],
    ['an unknown field', [head], { note: 'x' }, '/note'],
    ['nobody in the rule', [first(REF, ruleOf([]))], {}, '/heads/0/rule/resolution'],
    ['a rule nobody can meet', [first(REF, ruleOf([A], 2))], {}, '/heads/0/rule/resolution'],
    [
      'a rule for more writers than act in a line',
      [first(REF, ruleOf([A], 1, { roles: ['writer'], resolution: 3 }))],
      {},
      '/heads/0/rule/resolution',
    ],
    [
      'a resolution below the threshold',
      [first(REF, ruleOf([A, B], 2, { resolution: 1 }))],
      {},
      '/heads/0/rule/resolution',
    ],
    ['a key that is none', [first(REF, ruleOf([], 1, { keys: [bytes32(1)] }))], {}, '/heads/0/rule/keys/0'],
    [
      'a shared payload without module',
      [head],
      { moduleDigest: null, shared: { salt: REF, payload: {} } },
      '/moduleDigest',
    ],
    ['bytes in a shared payload', [head], { shared: { salt: REF, payload: { a: REF } } }, '/shared/payload'],
  ])('refuses %s', (_, heads, change, field) => {
    expect(channelLedger().refusal(line(heads, [A], change))).toBe(`line_invalid ${field}`);
  });

  it('has the digest of the payload it carries', () => {
    const shared = { salt: bytes32('salt'), payload: { a: 1 } };
    const wrong = line([head], [A], { shared, digest: digestOf({ a: 2 }, shared.salt) });
    expect(channelLedger().refusal(wrong)).toBe('line_digest_mismatch /digest');
  });

  it('may hide its module and carry a batch', () => {
    const ledger = channelLedger();
    const batch = { size: 10_000, root: bytes32('root') };
    const { id } = ledger.submit(line([head], [A], { moduleDigest: null, batch }));
    expect(linesOf(ledger).line('gd', id)).toMatchObject({ moduleDigest: null, batch });
    expect(ledger.refusal({ ...line([head], [A]), kind: 'constructor' })).toBe('line_kind_unknown');
  });
});
