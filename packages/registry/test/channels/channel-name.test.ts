import { isChannelName, parentOf } from '@attestel/registry';
import { describe, expect, it } from 'vitest';

describe('names of channels', () => {
  it.each(['gd', 'gd/sz', 'a/b/c/d', 'x-1', '0', 'a'.repeat(32), 'gd/main'])('takes %s', (name) => {
    expect(isChannelName(name)).toBe(true);
  });

  it.each([
    '',
    'main',
    'main/gd',
    '/gd',
    'gd/',
    'gd//sz',
    'GD',
    'gd.sz',
    '-gd',
    'gd-',
    'gd|sz',
    'a/b/c/d/e',
    'a'.repeat(33),
    `${'a'.repeat(32)}/${'b'.repeat(32)}`,
    '广东',
  ])('refuses %j', (name) => {
    expect(isChannelName(name)).toBe(false);
  });

  it('carry the tree', () => {
    expect(parentOf('gd/sz')).toBe('gd');
    expect(parentOf('gd')).toBe('main');
  });
});
