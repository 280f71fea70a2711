import { describe, expect, it } from 'vitest';
import { originForm } from '../src/index.ts';

describe('request target', () => {
  it.each([
    ['/a/b?c=d', '/a/b?c=d'],
    ['https://other.example/a?b', '/a?b'],
    ['HTTP://user@other.example:80/a', '/a'],
    ['http://a:b:c/a', '/a'],
    ['http://[::/a', '/a'],
    ['http://other.example', '/'],
    ['http://other.example?x', '/?x'],
    ['*', '/*'],
    ['', '/'],
    [undefined, '/'],
    ['/https://other.example/', '/https://other.example/'],
    ['//other.example/a', '//other.example/a'],
  ])('%s is %s', (target, path) => {
    expect(originForm(target)).toBe(path);
  });
});
