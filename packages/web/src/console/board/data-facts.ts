import type { ConsoleModule } from '../../server/console-routes.ts';
import type { Api, ModuleName } from '../api/client.ts';
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

/** What the data board shows, from the modules' own queries, over all those channels. @param at RFC 3339 */
export async function dataFacts(
  api: Pick<Api, 'query' | 'objects'>,
  modules: readonly ConsoleModule[],
  { channels, at }: { readonly channels: readonly string[]; readonly at: string },
): Promise<DataFacts> {
  const over = async <T>(
    name: string,
    ask: (module: ModuleName) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    const module = moduleNamed(modules, name)?.id;
    if (module === undefined) return [];
    return (await Promise.all(channels.map((channel) => ask({ channel, module })))).flat();
  };
  const [consents, provisions, negotiations, requests] = await Promise.all([
    over('data.consent', (module) => api.query<readonly Consent[]>(module, 'standing', { at })),
    over('data.provision', (module) => api.query<readonly Provision[]>(module, 'totals', {})),
    over('data.deal', (module) =>
      api.query<readonly { readonly state: string }[]>(module, 'negotiation', {}),
    ),
    over('data.request', async (module) =>
      Object.entries((await api.objects(module, { limit: 1 })).statuses),
    ),
  ]);
  return {
    consents: countsOf(consents.map(({ standing }) => standing)),
    provisions,
    deals: countsOf(negotiations.map(({ state }) => state)),
    requests: summed(requests),
  };
}

function summed(counts: Counts): Counts {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return [...sums].sort(byCount);
}

/** How often each stands there, the most frequent first. */
export const countsOf = (names: readonly string[]): Counts => summed(names.map((name) => [name, 1]));

type Count = Counts[number];

const byCount = ([a, m]: Count, [b, n]: Count): number => n - m || (a < b ? -1 : 1);
