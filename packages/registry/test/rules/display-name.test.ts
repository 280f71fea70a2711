import { describe, expect, it } from 'vitest';
import { displayTextFault, nameSkeleton } from '../../src/rules/display-name.ts';

const CHARACTERS = /outside/;

describe('display names', () => {
  it.each(['青禾商店', 'Qinghe Shop', '山海论坛（测试）', "O'Neill & Söhne", '7-Eleven', '名', 'Zhōng 中'])(
    'accepts %s',
    (text) => {
      expect(displayTextFault(text, 80)).toBeUndefined();
    },
  );

  it.each([
    ['nothing', '', /letter/],
    ['punctuation only', '——', /letter/],
    ['space at an end', ' a', /spaces/],
    ['spaces in a row', 'a  b', /spaces/],
    ['81 characters', 'a'.repeat(81), /80/],
    ['endless text', 'a'.repeat(100_000), /80/],
    ['line break', 'a\nb', CHARACTERS],
    ['control character', 'a\u0007b', CHARACTERS],
    ['DEL', 'a\u007fb', CHARACTERS],
    ['Cyrillic letters among Latin ones', 'Qi\u0430nghe', CHARACTERS],
    ['Greek letters among Latin ones', 'Qingh\u03b5', CHARACTERS],
    ['Cyrillic alone', '\u041c\u0422\u0421', CHARACTERS],
    ['zero-width space', 'a\u200bb', CHARACTERS],
    ['right-to-left override', 'a\u202eb', CHARACTERS],
    ['combining mark', 'e\u0301', CHARACTERS],
    ['full-width letters', '\uff21\uff22', CHARACTERS],
    ['ideographic space', '名\u3000字', CHARACTERS],
    ['no-break space', 'a\u00a0b', CHARACTERS],
    ['compatibility ideograph', '\uf900', CHARACTERS],
    ['radical that looks like an ideograph', '\u2f00', CHARACTERS],
    ['emoji', 'a 😀', CHARACTERS],
    ['unassigned code point', '\u9fff', CHARACTERS],
    ['lone surrogate', 'a\ud800', CHARACTERS],
  ])('refuses %s', (_, text, rule) => {
    expect(displayTextFault(text, 80)).toMatch(rule);
  });

  it('has only characters whose normalisation is the same in every Unicode version since 11', () => {
    // The ranges hold nothing that the running Node does not know as assigned.
    for (let point = 0; point <= 0x10ffff; point++) {
      const text = String.fromCodePoint(point);
      if (displayTextFault(`a${text}a`, 80) === undefined)
        expect(text).toMatch(/[^\p{Cn}\p{Co}\p{Cc}\p{Cf}\p{M}]/u);
    }
  });

  it.each([
    ['QingHe', 'qinghe'],
    ['Qing He', 'Qinghe'],
    ['Qīnghé', 'Qinghe'],
    ['G00gle', 'Google'],
    ['PayPa1', 'PayPal'],
    ['PayPaI', 'paypal'],
    ['Łodz', 'lodz'],
    ['A-B', 'A.B'],
    ['商店（一）', '商店一'],
  ])('take %s and %s for the same', (a, b) => {
    expect(nameSkeleton(a)).toBe(nameSkeleton(b));
  });

  it('tell different names apart', () => {
    const names = ['Qinghe', 'Shanhai', '青禾', '山海', 'Shop 2', 'Shop 3'];
    expect(new Set(names.map(nameSkeleton)).size).toBe(names.length);
  });
});
