import { canonicalizeJson, type JsonValue } from '@attestel/core';
import type { Ir21, Ir21Section } from './normal-form.ts';

export type Ir21Change = {
  /** TADIG code of the network; null: the sheet itself. */
  readonly network: string | null;
  readonly section: string;
  /** `rescheduled`: the same content from another date on. */
  readonly change: 'added' | 'removed' | 'changed' | 'rescheduled';
  /** Date of change that the newer sheet gives; null: as soon as the sheet itself takes effect. */
  readonly effective: string | null;
  /** Fields of the section that differ. */
  readonly fields: readonly string[];
};

/**
 * What the newer sheet changes, section by section. A creation time or another order of the same content changes
 * nothing.
 */
export function diffIr21(older: Ir21, newer: Ir21): readonly Ir21Change[] {
  const changes: Ir21Change[] = [];
  const head = changedFields(headOf(older), headOf(newer));
  if (head.length > 0)
    changes.push({
      network: null,
      section: 'organisation',
      change: 'changed',
      effective: null,
      fields: head,
    });
  const [before, after] = [networksOf(older), networksOf(newer)];
  for (const network of sortedUnion(before.keys(), after.keys()))
    changes.push(...networkChanges(network, before.get(network) ?? {}, after.get(network) ?? {}));
  return changes;
}

type Sections = { readonly [name: string]: Ir21Section };

function networkChanges(network: string, before: Sections, after: Sections): Ir21Change[] {
  return sortedUnion(Object.keys(before), Object.keys(after)).flatMap((section) => {
    const [from, to] = [before[section], after[section]];
    const fields = changedFields(from?.content ?? {}, to?.content ?? {});
    if (from && to && fields.length === 0 && from.effective === to.effective) return [];
    const effective = to?.effective ?? null;
    return [{ network, section, change: kindOf(from, to, fields.length > 0), effective, fields }];
  });
}

function kindOf(from: Ir21Section | undefined, to: Ir21Section | undefined, differs: boolean) {
  if (!from) return 'added';
  if (!to) return 'removed';
  return differs ? 'changed' : 'rescheduled';
}

const headOf = ({ sender, organisation, country }: Ir21) => ({ sender, organisation, country });

/** Sections by network, with name, type, PLMN and roles of the network as one more: they change with the sheet. */
const networksOf = ({ networks }: Ir21): ReadonlyMap<string, Sections> =>
  new Map(
    networks.map(({ tadig, sections, name, type, mcc, mnc, roles }) => [
      tadig,
      {
        ...sections,
        network: {
          effective: null,
          content: { other: [], ...{ name, type, mcc, mnc, roles } },
        },
      },
    ]),
  );

function changedFields(before: object, after: object): string[] {
  const [from, to] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return sortedUnion(from.keys(), to.keys()).filter((field) => !isSame(from.get(field), to.get(field)));
}

const isSame = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  canonicalizeJson(a ?? null) === canonicalizeJson(b ?? null);

const sortedUnion = (a: Iterable<string>, b: Iterable<string>): string[] => [...new Set([...a, ...b])].sort();
