import { isNameCharacter, isTelling } from './code-points.ts';

/** The rule a text for people breaks, or undefined. `max` counts characters, not UTF-16 units. */
export function displayTextFault(text: string, max: number): string | undefined {
  // Before anything is iterated: a character has at most two units.
  if (text.length > 2 * max) return `must have at most ${max} characters`;
  const points = codePointsOf(text);
  if (points.length > max) return `must have at most ${max} characters`;
  if (!points.every(isNameCharacter)) {
    return 'has a character outside Latin, Chinese, digits and common punctuation';
  }
  if (text !== text.trim() || text.includes('  ')) return 'must not have spaces at its ends or in a row';
  if (!points.some(isTelling)) return 'must have a letter, digit or ideograph';
  return undefined;
}

/**
 * What two names must not share: NFKD form without diacritics, case, spaces and punctuation, with the
 * digits that pass for letters replaced. Only for texts without a {@link displayTextFault}: in
 * their range, case mapping and normalisation are the same in every Unicode version. Ideographs that
 * look alike are not told apart here; that is left to the member that vouches for the app.
 */
export function nameSkeleton(name: string): string {
  const letters = codePointsOf(name.normalize('NFKD').toLowerCase())
    .filter(isTelling)
    .map((point) => String.fromCodePoint(point));
  return letters.map((letter) => LOOKALIKES[letter] ?? letter).join('');
}

/** Latin letters that NFKD does not take apart, and what passes for another at a glance. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  l: 'i',
  ł: 'i',
  ı: 'i',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ŧ: 't',
  æ: 'ae',
  œ: 'oe',
  ß: 'ss',
};

const codePointsOf = (text: string): number[] => Array.from(text, (c) => c.codePointAt(0) as number);
