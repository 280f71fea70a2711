import { createMemoryStore } from '@attestel/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { createState, createStateReader } from '../../src/state/module-state.ts';
import { createOverlay, type Overlay } from '../../src/store/overlay.ts';

let view: Overlay;
beforeEach(() => {
  view = createOverlay(createMemoryStore());
});
const keys = (module: string, prefix = ''): string[] =>
  [...createStateReader(view, module).list(prefix)].map(([key]) => key);

describe('module state', () => {
  it('gives back what was put, as fresh values that nobody shares', () => {
    const state = createState(view, 'm');
    const value = { list: [1, 'a', null, Uint8Array.of(1)], yes: true };
    state.put('k', value);
    value.list.push(2);
    const read = state.get('k') as typeof value;
    expect(read).toEqual({ list: [1, 'a', null, Uint8Array.of(1)], yes: true });
    read.list.pop();
    expect((state.get('k') as typeof value).list).toHaveLength(4);
    state.delete('k');
    expect(state.get('k')).toBeUndefined();
  });

  it('lists by prefix in the order of UTF-8 bytes, not of UTF-16 units', () => {
    const state = createState(view, 'm');
    for (const key of ['b', 'a\u{1F600}', 'a\uFF5E', 'a', 'a\0', '', 'aa']) state.put(key, 1);
    expect(keys('m')).toEqual(['', 'a', 'a\0', 'aa', 'a\uFF5E', 'a\u{1F600}', 'b']);
    expect(keys('m', 'a')).toEqual(['a', 'a\0', 'aa', 'a\uFF5E', 'a\u{1F600}']);
    expect(keys('m', 'a\u{1F600}')).toEqual(['a\u{1F600}']);
    expect(keys('m', 'c')).toEqual([]);
  });

  it('keeps modules apart, also when one name begins with the other', () => {
    createState(view, 'm').put('k', 1);
    createState(view, 'mm').put('k', 2);
    createState(view, 'm-').put('k', 3);
    expect(keys('m')).toEqual(['k']);
    expect(createStateReader(view, 'mm').get('k')).toBe(2);
    expect(createStateReader(view, 'x').get('k')).toBeUndefined();
  });

  it('refuses keys that are too long or no Unicode text', () => {
    const state = createState(view, 'm');
    state.put('k'.repeat(498), 1);
    for (const key of ['k'.repeat(499), '\u{1F600}'.repeat(125), '\ud800']) {
      expect(() => state.put(key, 1)).toThrow(expect.objectContaining({ code: 'state_key_invalid' }));
      expect(() => state.get(key)).toThrow(expect.objectContaining({ code: 'state_key_invalid' }));
    }
  });
});
