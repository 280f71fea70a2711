import { refusalText } from './refusal-texts.ts';

export interface Rejected {
  readonly file: string;
  readonly code: string;
}

/** Rejected files under the rule that they break, most frequent rule first: a pallet fails in few ways. */
export function rejectedTable(rejected: readonly Rejected[]): readonly string[] {
  const byCode = Map.groupBy(rejected, ({ code }) => code);
  return [...byCode]
    .sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .flatMap(([code, items]) => {
      const { meaning, mend } = refusalText(code);
      return [
        `${String(items.length).padStart(6)}  ${code}: ${meaning}`,
        `        ${mend}`,
        ...items.map(({ file }) => `        ${file}`),
      ];
    });
}
