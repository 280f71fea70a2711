import { instantOf } from '../../module/instant.ts';
import { diffIr21 } from './diff-ir21.ts';
import type { Ir21, Ir21Network } from './normal-form.ts';

/** A sheet, and when it takes effect, unix seconds. */
export interface SheetVersion {
  readonly sheet: Ir21;
  readonly from: number;
}

/** A change of one section, and when it is to be in the network elements. */
export type ConfigChange = {
  readonly version: number;
  readonly network: string;
  readonly section: string;
  /** Unix seconds. */
  readonly at: number;
};

export type Configuration = {
  readonly networks: readonly {
    readonly tadig: string;
    readonly sections: { readonly [name: string]: { readonly version: number; readonly content: object } };
  }[];
  readonly done: readonly ConfigChange[];
  readonly pending: readonly ConfigChange[];
};

/**
 * What the network elements of a partner have to hold at a time: of each section the newest content whose date of change
 * has come. Dates begin at midnight of the zone in the sheet's creation time, and not before the sheet itself takes effect.
 * @param versions in the order in which they were published
 */
export function configurationAt(versions: readonly SheetVersion[], time: number): Configuration {
  const held = new Map<string, Map<string, { version: number; content: object }>>();
  const changes = changesOf(versions);
  const due = changes.filter(({ at }) => at <= time);
  for (const { version, network, section } of due) {
    const sections = held.get(network) ?? new Map();
    held.set(network, sections);
    const found = networkOf(versions[version]?.sheet, network)?.sections[section];
    if (found) sections.set(section, { version, content: found.content });
    else sections.delete(section);
  }
  const networks = [...held]
    .filter(([, sections]) => sections.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tadig, sections]) => ({ tadig, sections: Object.fromEntries([...sections].sort()) }));
  return { networks, done: due, pending: changes.filter(({ at }) => at > time) };
}

/**
 * All changes in the order in which they take effect. A newer sheet has the last word on a section: it withdraws or
 * moves what an older one announced for a time that had not come.
 */
export function changesOf(versions: readonly SheetVersion[]): readonly ConfigChange[] {
  const sections = new Map<string, ConfigChange[]>();
  for (const [version, { sheet, from }] of versions.entries()) {
    const before = versions[version - 1]?.sheet ?? { ...sheet, networks: [] };
    for (const { network, section, change, effective } of diffIr21(before, sheet)) {
      if (network === null || section === 'network') continue;
      const key = `${network} ${section}`;
      const known = sections.get(key) ?? [];
      const at = atOf(sheet, effective, from);
      if (change !== 'rescheduled')
        sections.set(key, [...known.filter((old) => old.at < at), { version, network, section, at }]);
      else sections.set(key, rescheduled(known, from, at));
    }
  }
  return [...sections.values()].flat().sort((a, b) => a.at - b.at || a.version - b.version || byName(a, b));
}

const byName = (a: ConfigChange, b: ConfigChange): number =>
  `${a.network} ${a.section}` < `${b.network} ${b.section}` ? -1 : 1;

function rescheduled(known: readonly ConfigChange[], from: number, at: number): ConfigChange[] {
  const last = known.at(-1);
  return last && last.at > from ? [...known.slice(0, -1), { ...last, at }] : [...known];
}

function atOf({ created }: Ir21, effective: string | null, from: number): number {
  if (effective === null) return from;
  const zone = created.endsWith('Z') ? 'Z' : created.slice(-6);
  return Math.max(from, instantOf(`${effective}T00:00:00${zone}`, '/EffectiveDateOfChange'));
}

const networkOf = (sheet: Ir21 | undefined, tadig: string): Ir21Network | undefined =>
  sheet?.networks.find((network) => network.tadig === tadig);
