export interface Ranked {
  readonly score: number;
  readonly failed: boolean;
}

/**
 * How often a thing that failed stands above one that did not, ties as half (area under the ROC curve, by ranks).
 * @throws TypeError without both outcomes
 */
export function rocAuc(ranked: readonly Ranked[]): number {
  const sorted = ranked.toSorted((a, b) => a.score - b.score);
  const failures = sorted.filter(({ failed }) => failed).length;
  const others = sorted.length - failures;
  if (failures === 0 || others === 0) throw new TypeError('risk: both outcomes are needed');
  let ranks = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to]?.score === sorted[from]?.score) to += 1;
    const tied = sorted.slice(from, to).filter(({ failed }) => failed).length;
    ranks += (tied * (from + 1 + to)) / 2;
    from = to;
  }
  return (ranks - (failures * (failures + 1)) / 2) / (failures * others);
}

/** Share of all failures among the tenth with the highest scores. */
export function topDecileShare(ranked: readonly Ranked[]): number {
  const failures = ranked.filter(({ failed }) => failed).length;
  const top = ranked.toSorted((a, b) => b.score - a.score).slice(0, Math.ceil(ranked.length / 10));
  return top.filter(({ failed }) => failed).length / failures;
}
