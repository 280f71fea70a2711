import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillText, LOCALES, negotiateLocale } from '../src/index.ts';

describe('negotiateLocale', () => {
  test.each([
    [undefined, undefined, 'en'],
    ['', '', 'en'],
    ['fr de', 'ja', 'en'],
    [undefined, 'zh', 'zh-CN'],
    [undefined, 'zh-TW,en;q=0.5', 'zh-CN'],
    [undefined, 'ZH-hans-cn', 'zh-CN'],
    [undefined, 'en;q=0.3, zh;q=0.8', 'zh-CN'],
    [undefined, 'en, zh', 'en'],
    [undefined, 'zh;q=0, en;q=0.1', 'en'],
    [undefined, 'fr, zh;q=0.1', 'zh-CN'],
    [undefined, 'zho', 'en'],
    [undefined, '*;q=0.5', 'en'],
    ['en', 'zh', 'en'],
    ['fr zh-CN', 'en', 'zh-CN'],
    ['fr', 'zh', 'zh-CN'],
  ])('ui_locales %j and Accept-Language %j give %s', (uiLocales, acceptLanguage, expected) => {
    expect(negotiateLocale(uiLocales, acceptLanguage)).toBe(expected);
  });

  test('gives one of our languages for any input', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ unit: fc.constantFrom(...'zhen-;q=01., *') }),
        (a, b) => void expect(LOCALES).toContain(negotiateLocale(a, b)),
      ),
    );
  });

  test('looks at no more than 500 characters of the header', () => {
    expect(negotiateLocale(undefined, `${'fr,'.repeat(200)}zh`)).toBe('en');
  });
});

describe('fillText', () => {
  test('replaces every placeholder, and values are not searched for placeholders again', () => {
    expect(fillText('{a} + {a} = {b}', { a: '{b}', b: 2 })).toBe('{b} + {b} = 2');
  });

  test.each(['{missing}', '{constructor}'])('refuses %s, for which there is no value', (text) => {
    expect(() => fillText(text, { a: 1 })).toThrow(TypeError);
  });
});
