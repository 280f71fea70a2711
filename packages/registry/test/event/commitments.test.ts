import { createHmac } from 'node:crypto';
import { digestOf, refOf, tokenOf } from '@attestel/registry';
import { describe, expect, it } from 'vitest';
import { bytes32 } from '../fake-channels.ts';

const KEY = bytes32('key');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('commitments', () => {
  it('digest a payload by its canonical JSON under the salt', () => {
    const expected = createHmac('sha256', KEY).update('{"a":1,"b":["x"]}').digest('hex');
    expect(hex(digestOf({ b: ['x'], a: 1 }, KEY))).toBe(expected);
    expect(hex(digestOf({ b: ['x'], a: 1 }, bytes32('other')))).not.toBe(expected);
  });

  it('make tokens and refs that no other pair of module and key gives', () => {
    const expected = createHmac('sha256', KEY).update('device.item\0SN-1').digest('hex');
    expect(hex(tokenOf(KEY, 'device.item', 'SN-1'))).toBe(expected);
    expect(hex(tokenOf(KEY, 'device.items', 'N-1'))).not.toBe(hex(tokenOf(KEY, 'device.item', 'sN-1')));
    expect(refOf('device.item', new Uint8Array(16))).toHaveLength(32);
    expect(hex(refOf('a', new Uint8Array(16)))).not.toBe(hex(refOf('b', new Uint8Array(16))));
  });

  it.each([
    ['a short salt', () => digestOf({}, new Uint8Array(31))],
    ['a payload that is no JSON', () => digestOf({ a: new Uint8Array(1) } as never, KEY)],
    ['a short channel key', () => tokenOf(new Uint8Array(16), 'm', 'k')],
    ['a module name with a separator', () => tokenOf(KEY, 'a\0b', 'k')],
    ['a lone surrogate', () => tokenOf(KEY, 'm', '\ud800')],
    ['an id that is not 16 bytes', () => refOf('m', new Uint8Array(15))],
  ])('refuse %s', (_, make) => {
    expect(make).toThrow(TypeError);
  });
});
