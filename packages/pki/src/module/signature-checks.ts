/** Asks whether a signature holds. Where that is found out later, it is believed until then. */
export type CheckSignature = (holds: () => boolean) => boolean;

export const checkAtOnce: CheckSignature = (holds) => holds();

/** One of many things to assess: under a way to check signatures, what comes of it. */
type Assess<Item, Result> = (check: CheckSignature) => (item: Item) => Result;

/**
 * What assessing each item gives. All but the signatures comes first, as if they held, and then the signatures, one after
 * another: parsing and cryptography drive each other's code and data out of the processor's caches, and apart they take a
 * seventh less. An item with a signature that does not hold is assessed again with its checks where they belong.
 */
export function assessApart<Item, Result>(
  items: readonly Item[],
  assess: Assess<Item, Result>,
): readonly Result[] {
  // Of the item that is being assessed. A check that is of none is not believed.
  let ofItem: (() => boolean)[] | undefined;
  const believing = assess((holds) => (ofItem ? ofItem.push(holds) > 0 : holds()));
  const believed = items.map((item) => {
    const checks: (() => boolean)[] = [];
    ofItem = checks;
    return { result: believing(item), checks };
  });
  ofItem = undefined;
  const strictly = assess(checkAtOnce);
  const hold = settle(believed.map(({ checks }) => checks));
  return items.map((item, i) => {
    const known = believed[i];
    return known && hold[i] ? known.result : strictly(item);
  });
}

/** Whether all checks of an item hold. The first ones of all items, then the second ones: those are by the same key. */
function settle(checks: readonly (readonly (() => boolean)[])[]): readonly boolean[] {
  const hold = checks.map(() => true);
  const most = Math.max(0, ...checks.map(({ length }) => length));
  for (let number = 0; number < most; number++) {
    for (const [i, ofItem] of checks.entries()) hold[i] &&= ofItem[number]?.() ?? true;
  }
  return hold;
}
