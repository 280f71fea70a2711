import type { ConsoleModule } from '../../server/console-routes.ts';
import type { Api } from '../api/client.ts';
import { moduleNamed } from '../model/scenarios.ts';

type Counts = readonly (readonly [name: string, count: number])[];

export interface Provision {
  readonly id: string;
  readonly owner: string;
  readonly items: number;
}

export interface DataFacts {
  /** What consents are worth now. */
  readonly consents: Counts;
  readonly provisions: readonly Provision[];
  readonly deals: Counts;
  /** Requests inside the organisation, as far as the reader may see them. */
  readonly requests: Counts;
}

interface Consent {
  readonly standing: string;
}

/** What the data board shows, from the modules' own queries. @param at RFC 3339 */
export async function dataFacts(
  api: Pick<Api, 'query' | 'objects'>,
  modules: readonly ConsoleModule[],
  { channel, at }: { readonly channel: string; readonly at: string },
): Promise<DataFacts> {
  const nameOf = (name: string) => {
    const module = moduleNamed(modules, name);
    return module && { channel, module: module.id };
  };
  const statuses = async (name: string): Promise<Counts> => {
    const module = nameOf(name);
    return module ? Object.entries((await api.objects(module, { limit: 1 })).statuses) : [];
  };
  const ask = async <T>(
    name: string,
    query: string,
    args: Parameters<Api['query']>[2],
  ): Promise<readonly T[]> => {
    const module = nameOf(name);
    return module ? api.query<readonly T[]>(module, query, args) : [];
  };
  const [consents, provisions, negotiations, requests] = await Promise.all([
    ask<Consent>('data.consent', 'standing', { at }),
    ask<Provision>('data.provision', 'totals', {}),
    ask<{ readonly state: string }>('data.deal', 'negotiation', {}),
    statuses('data.request'),
  ]);
  return {
    consents: countsOf(consents.map(({ standing }) => standing)),
    provisions,
    deals: countsOf(negotiations.map(({ state }) => state)),
    requests,
  };
}

/** How often each stands there, the most frequent first. */
export function countsOf(names: readonly string[]): Counts {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
