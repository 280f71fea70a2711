/**
 * Characters of display names, as ranges. All were assigned by Unicode 11 (2018), and Unicode never
 * changes the normalisation of an assigned character, so every Node version normalises a name alike.
 * No Greek, no Cyrillic, no full-width letters, no combining, invisible or directional characters:
 * names cannot mix scripts that look the same.
 */
const RANGES: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0x7e], // ASCII
  [0xb7, 0xb7], // middle dot
  [0xc0, 0xd6], // Latin-1 letters
  [0xd8, 0xf6],
  [0xf8, 0x17f], // Latin-1 letters, Latin Extended-A
  [0x2013, 0x2014], // dashes
  [0x2018, 0x2019], // quotation marks
  [0x201c, 0x201d],
  [0x2026, 0x2026], // ellipsis
  [0x3001, 0x3002], // ideographic comma and full stop
  [0x3008, 0x3011], // CJK brackets
  [0x3400, 0x4db5], // CJK Unified Ideographs Extension A
  [0x4e00, 0x9fef], // CJK Unified Ideographs
  [0xff01, 0xff01], // full-width punctuation of Chinese text: ！（），：；？
  [0xff08, 0xff09],
  [0xff0c, 0xff0c],
  [0xff1a, 0xff1b],
  [0xff1f, 0xff1f],
];

export const isNameCharacter = (codePoint: number): boolean =>
  RANGES.some(([first, last]) => codePoint >= first && codePoint <= last);

/** Letters, digits and ideographs: what tells one name from another. */
export const isTelling = (codePoint: number): boolean =>
  (codePoint >= 0x30 && codePoint <= 0x39) ||
  (codePoint >= 0x41 && codePoint <= 0x5a) ||
  (codePoint >= 0x61 && codePoint <= 0x7a) ||
  (codePoint >= 0xc0 && codePoint <= 0x17f) ||
  (codePoint >= 0x3400 && codePoint <= 0x9fef);
