import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessApart, type CheckSignature, checkAtOnce } from '../../src/module/signature-checks.ts';

/** Signatures that an item has, in the order they are asked for, and whether the next is looked for after a bad one. */
interface Item {
  readonly signatures: readonly boolean[];
  readonly goesOn: boolean;
}

const item = fc.record({ signatures: fc.array(fc.boolean(), { maxLength: 4 }), goesOn: fc.boolean() });

/** What came of each signature, up to the one that ends it. */
const assess =
  (check: CheckSignature) =>
  ({ signatures, goesOn }: Item): readonly boolean[] => {
    const answers: boolean[] = [];
    for (const holds of signatures) {
      answers.push(check(() => holds));
      if (!answers.at(-1) && !goesOn) break;
    }
    return answers;
  };

describe('assessApart', () => {
  it('gives what checking each signature at once gives, in order', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 12 }), (items) => {
        expect(assessApart(items, assess)).toEqual(items.map(assess(checkAtOnce)));
      }),
    );
  });

  it('checks each signature once where all hold, the first ones of all items before the second ones', () => {
    const asked: number[] = [];
    const results = assessApart([1, 2, 3], (check) => (number: number) => {
      for (const place of [0, 10]) check(() => asked.push(place + number) > 0);
      return `item ${number}`;
    });
    expect(results).toEqual(['item 1', 'item 2', 'item 3']);
    expect(asked).toEqual([1, 2, 3, 11, 12, 13]);
  });

  it('asks for no other signature of an item after one that does not hold, but when it assesses the item again', () => {
    const asked: string[] = [];
    const results = assessApart([true, false], (check) => (good: boolean) => {
      const holds = check(() => asked.push(`${good} first`) > 0 && good);
      if (!holds) return 'refused';
      check(() => asked.push(`${good} second`) > 0);
      return 'taken';
    });
    expect(results).toEqual(['taken', 'refused']);
    expect(asked).toEqual(['true first', 'false first', 'true second', 'false first']);
  });

  it('believes nothing that is asked outside an item', () => {
    const answers: boolean[] = [];
    let late: CheckSignature = checkAtOnce;
    assessApart(['one'], (check) => {
      answers.push(check(() => false));
      late = check;
      return (item) => item;
    });
    answers.push(late(() => false));
    expect(answers).toEqual([false, false, false]);
  });

  it('knows nothing of no items', () => {
    expect(assessApart([], () => () => 'never')).toEqual([]);
  });
});
