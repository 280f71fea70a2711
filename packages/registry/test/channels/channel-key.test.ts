import { channelKeyCommitment, createChannels, tokenOf } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32, channelLedger, type FakeChannels, governBody } from '../fake-channels.ts';
import { A, B, C, P, V } from '../fake-ledger.ts';

const KEY = bytes32('channel key');
const anchor = (channel: string, by: string, { ns = channel, key = KEY } = {}) => ({
  ...{ module: 'channel', kind: 'key', ns, by: [by] },
  body: { channel, commitment: channelKeyCommitment(key, channel) },
});
const keyOf = (ledger: FakeChannels, channel: string) =>
  createChannels({ state: ledger.read } as never, ledger.now).key(channel);

describe('the key of a channel', () => {
  it('is anchored by one governor, once and for ever', () => {
    const ledger = channelLedger();
    expect(keyOf(ledger, 'gd')).toBeUndefined();
    expect(ledger.refusal(anchor('gd', C))).toBe('channel_not_governor /payload/actor');
    expect(ledger.refusal(anchor('gd', B))).toBeUndefined();
    expect(keyOf(ledger, 'gd')).toMatchObject({
      actor: B,
      commitment: channelKeyCommitment(KEY, 'gd'),
      time: ledger.now(),
    });
    const other = anchor('gd', A, { key: bytes32('second key') });
    expect(ledger.refusal(other)).toBe('channel_key_anchored /channel');
    expect(ledger.refusal(anchor('gd', B))).toBe('channel_key_anchored /channel');
    ledger.submit({ module: 'channel', ns: 'gd', kind: 'govern', body: governBody('gd'), by: [A, B] });
    expect(keyOf(ledger, 'gd')).toMatchObject({ actor: B });
  });

  it('of `main` is anchored by an operator', () => {
    const ledger = channelLedger();
    expect(ledger.refusal(anchor('main', P))).toBe('registry_role /actor');
    expect(ledger.refusal(anchor('main', V))).toBe('registry_role /actor');
    expect(ledger.refusal(anchor('main', C))).toBeUndefined();
    expect(ledger.refusal(anchor('main', A))).toBe('channel_key_anchored /channel');
  });

  it('is anchored in its own namespace, not by the one above', () => {
    const ledger = channelLedger();
    expect(ledger.refusal(anchor('gd', A, { ns: 'main' }))).toBe('channel_not_above /channel');
    expect(ledger.refusal(anchor('main', A, { ns: 'gd' }))).toBe('channel_not_above /channel');
    expect(ledger.refusal(anchor('hn', A))).toBe('channel_unknown /payload/ns');
  });

  it('has a commitment of its own in each channel, which is no token', () => {
    const commitments = [
      channelKeyCommitment(KEY, 'gd'),
      channelKeyCommitment(KEY, 'hn'),
      channelKeyCommitment(bytes32('another'), 'gd'),
      tokenOf(KEY, 'attestel', 'channel-key/v1\ngd'),
    ].map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(commitments).size).toBe(4);
    expect(() => channelKeyCommitment(KEY.subarray(1), 'gd')).toThrow(TypeError);
  });
});
