import type { CborValue } from '@attestel/core';
import { createChannels } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import {
  ALWAYS,
  bytes32,
  channelLedger,
  createFakeChannels,
  governBody,
  openBody,
} from '../fake-channels.ts';
import { A, B, C, didOf, P, STRANGER, timeAt, V } from '../fake-ledger.ts';

const DEVICE = didOf(20);

const channel = (kind: string, ns: string, body: Record<string, CborValue>, by: readonly string[]) => ({
  module: 'channel',
  kind,
  ns,
  body,
  by,
});
const setMember = (did: string, role = 'writer', validity: CborValue = ALWAYS) => ({
  channel: 'gd',
  members: [{ did, role, validity }],
});

describe('a channel below main', () => {
  it('is opened by the accreditation votes of the consortium, and not by fewer', () => {
    const ledger = createFakeChannels();
    const open = (by: string[]) => ledger.refusal(channel('open', 'main', openBody('gd'), by));
    expect(open([A])).toBe('registry_votes_missing');
    expect(open([A, STRANGER])).toBe('registry_votes_missing');
    expect(open([STRANGER, A, B])).toBe('registry_not_member /actor');
    expect(open([A, C])).toBeUndefined();
    expect(open([A, C])).toBe('channel_exists /channel');
  });

  it('is opened from its own place in the tree only', () => {
    const ledger = channelLedger();
    const open = (ns: string, name: string) => ledger.refusal(channel('open', ns, openBody(name), [A, B]));
    expect(open('main', 'gd/sz')).toBe('channel_not_above /channel');
    expect(open('gd', 'hn')).toBe('channel_not_above /channel');
    expect(open('gd', 'gd/sz/x')).toBe('channel_not_above /channel');
    expect(open('gd', 'gd/sz')).toBeUndefined();
    expect(open('hn', 'hn/x')).toBe('channel_unknown /payload/ns');
  });

  it('is governed by as many of its governors as it says, or from above', () => {
    const ledger = channelLedger();
    const govern = (ns: string, by: string[]) =>
      ledger.refusal(channel('govern', ns, governBody('gd', { governors: [A, B, C] }), by));
    expect(govern('gd', [A])).toBe('channel_votes_missing');
    expect(govern('gd', [A, C])).toBe('channel_votes_missing');
    expect(govern('gd', [C, A, B])).toBe('channel_not_governor /payload/actor');
    expect(govern('gd', [A, B])).toBeUndefined();
    expect(govern('main', [V, P])).toBeUndefined();
    const unknown = channel('govern', 'main', governBody('hn'), [A, B]);
    expect(ledger.refusal(unknown)).toBe('channel_unknown /channel');
  });

  it('does not count a governor that the consortium suspended', () => {
    const ledger = channelLedger();
    ledger.submit({ module: 'registry', kind: 'member.suspend', body: { did: B }, by: [A, C, V] });
    expect(ledger.refusal(channel('members.set', 'gd', setMember(DEVICE), [A, B]))).toBe(
      'channel_votes_missing',
    );
    expect(ledger.refusal(channel('members.set', 'main', setMember(DEVICE), [A, C]))).toBeUndefined();
  });

  it('counts each signature for one vote', () => {
    const ledger = channelLedger();
    ledger.lendKey(A, B);
    const one = channel('members.set', 'gd', setMember(DEVICE), [A]);
    expect(ledger.refusal(one)).toBe('channel_votes_missing');
    expect(ledger.refusal({ ...one, keys: [bytes32('any key')] })).toBe('channel_votes_missing');
    expect(ledger.refusal({ ...one, by: [A, B] })).toBeUndefined();
  });

  it('is given more time from above only', () => {
    const end = timeAt(1000);
    const ledger = channelLedger({ validity: { from: 0, until: end } });
    const until = (ns: string, time: number | null, by = [A, B]) => {
      const validity = { from: 0, until: time };
      return ledger.refusal(channel('govern', ns, governBody('gd', { validity }), by));
    };
    expect(until('gd', end + 1)).toBe('channel_not_above /validity');
    expect(until('gd', null)).toBe('channel_not_above /validity');
    expect(until('gd', end)).toBeUndefined();
    expect(until('gd', end - 1)).toBeUndefined();
    expect(until('main', null)).toBeUndefined();
    expect(until('gd', end)).toBeUndefined();
  });
});

describe('members of a channel', () => {
  const write = (by: string, time?: number) => ({
    module: 'event',
    kind: 'line',
    ns: 'gd',
    body: {},
    by: [by],
    ...(time === undefined ? {} : { time }),
  });
  /** A writer gets as far as the body of its line. */
  const IS_WRITER = expect.stringMatching(/^line_invalid/);

  it('write where they are listed as writers, in their time', () => {
    const ledger = channelLedger();
    const writes = (did: string, time?: number): boolean =>
      createChannels({ state: ledger.read } as never, () => time ?? ledger.now()).isWriter('gd', did);
    expect(writes(C)).toBe(true);
    expect(writes(STRANGER)).toBe(false);
    const from = ledger.now() + 100;
    ledger.submit(
      channel('members.set', 'gd', setMember(DEVICE, 'writer', { from, until: from + 10 }), [A, B]),
    );
    expect([writes(DEVICE, from - 1), writes(DEVICE, from), writes(DEVICE, from + 10)]).toEqual([
      false,
      true,
      false,
    ]);
    ledger.submit(channel('members.set', 'gd', setMember(DEVICE, 'reader'), [A, B]));
    expect(writes(DEVICE)).toBe(false);
    ledger.submit(channel('members.remove', 'gd', { channel: 'gd', dids: [C] }, [A, B]));
    expect(writes(C)).toBe(false);
    expect(ledger.refusal(write(A))).toEqual(IS_WRITER);
  });

  it('lose the right to write with their standing in the consortium or their keys', () => {
    const ledger = channelLedger();
    const channels = createChannels({ state: ledger.read } as never, ledger.now);
    ledger.dropKeys(C);
    expect(channels.isWriter('gd', C)).toBe(false);
    ledger.submit({ module: 'registry', kind: 'member.suspend', body: { did: B }, by: [A, P, V] });
    expect(channels.isWriter('gd', B)).toBe(false);
    expect(channels.isReadable('gd', B)).toBe(false);
  });

  it('read as members or governors; others only where the channel is public', () => {
    const ledger = channelLedger({ members: [{ did: C, role: 'reader', validity: ALWAYS }] });
    const channels = createChannels({ state: ledger.read } as never, ledger.now);
    expect([A, B, C, V, undefined].map((did) => channels.isReadable('gd', did))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(channels.isReadable('main', undefined)).toBe(true);
    expect(channels.isReadable('hn', A)).toBe(false);
    ledger.submit(channel('govern', 'gd', governBody('gd', { read: 'public' }), [A, B]));
    expect(channels.isReadable('gd', undefined)).toBe(true);
  });

  it('of a channel that is closed, or below one, write nothing and still read', () => {
    const ledger = channelLedger();
    ledger.submit(channel('open', 'gd', openBody('gd/sz'), [A, B]));
    const until = ledger.now() + 10;
    const close = governBody('gd', { validity: { from: 0, until } });
    ledger.submit(channel('govern', 'gd', close, [A, B]));
    const at = (time: number) => createChannels({ state: ledger.read } as never, () => time);
    expect([at(until - 1).isOpen('gd/sz'), at(until).isOpen('gd/sz')]).toEqual([true, false]);
    expect(at(until).isWriter('gd/sz', A)).toBe(false);
    expect(at(until).isReadable('gd', A)).toBe(true);
    const late = { ...channel('govern', 'gd', governBody('gd'), [A, B]), time: until };
    expect(ledger.refusal(late)).toBe('channel_closed /payload/ns');
    expect(ledger.refusal({ ...late, ns: 'main' })).toBeUndefined();
  });
});

describe('bodies', () => {
  it.each<[string, Record<string, CborValue>, string]>([
    ['a threshold above the governors', { threshold: 3 }, '/threshold'],
    ['no governor', { governors: [] }, '/governors'],
    ['a governor twice', { governors: [A, A] }, '/governors'],
    ['an end before the start', { validity: { from: 5, until: 5 } }, '/validity'],
    ['an unknown field', { note: 'x' }, '/note'],
    ['an unknown role', { members: [{ did: A, role: 'admin', validity: ALWAYS }] }, '/members/0/role'],
    [
      'a member twice',
      { members: [0, 0].map(() => ({ did: A, role: 'reader', validity: ALWAYS })) },
      '/members',
    ],
    ['a short digest', { shared: [new Uint8Array(31)] }, '/shared/0'],
    ['a name outside the tree', { channel: 'main' }, '/channel'],
  ])('refuses %s', (_, change, field) => {
    const ledger = createFakeChannels();
    const body = { ...openBody('gd'), ...change };
    expect(ledger.refusal(channel('open', 'main', body, [A, B]))).toBe(`channel_body_invalid ${field}`);
  });

  it('refuses an unknown kind', () => {
    expect(createFakeChannels().refusal(channel('toString', 'main', {}, [A]))).toBe('channel_kind_unknown');
  });
});
