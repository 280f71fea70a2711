import { describe, expect, it } from 'vitest';
import { channelStateKey, eventStateKey, namespaceOfKey } from '../../src/index.ts';

describe('the namespace of a state key', () => {
  it.each([
    ['event', eventStateKey('gd/sz', 'head', new Uint8Array(32)), 'gd/sz'],
    ['channel', channelStateKey('gd/sz'), 'gd/sz'],
    ['channel', 'member/gd/sz|did:example:1', 'gd/sz'],
    ['registry', 'member/did:example:1', 'main'],
    ['did', 'gd|head', 'main'],
  ])('of module %s, %s, is %s', (module, key, ns) => {
    expect(namespaceOfKey(module, key)).toBe(ns);
  });

  it('is no channel at all where the key is none of the module, so that nobody may read it', () => {
    expect(namespaceOfKey('event', 'nonsense')).toBe('nonsense');
    expect(namespaceOfKey('channel', 'nonsense')).toBe('nonsense');
  });
});
