import type { ConsoleModule } from '../../server/console-routes.ts';
import type { Api } from '../api/client.ts';
import { moduleNamed } from '../model/scenarios.ts';

export interface Waiting {
  readonly id: string;
  readonly stage: string;
  readonly waitsFor: string | null;
}

export interface NetPosition {
  readonly partner: string;
  readonly currency: string;
  /** Decimal text: what the reader gets is positive, what it owes negative. */
  readonly amount: string;
  readonly statements: number;
}

export interface LateSheet {
  readonly id: string;
  readonly publisher: string;
  readonly version: number;
  readonly late: readonly string[];
}

export interface RoamingFacts {
  readonly waiting: readonly Waiting[];
  readonly nets: readonly NetPosition[];
  readonly partners: readonly { readonly id: string; readonly publisher: string; readonly name: string }[];
  readonly late: readonly LateSheet[];
}

interface Agreed {
  readonly parties: readonly string[];
  readonly terms: { readonly result: { readonly net: { readonly currency: string } | null } };
}

interface Published {
  readonly id: string;
  readonly publisher: string;
  readonly body: { readonly name?: string };
}

type Net = { readonly payer: string; readonly amount: string } | null;

/** What the roaming board shows, from the modules' own queries: amounts are added up by them, exactly. */
export async function roamingFacts(
  api: Pick<Api, 'query'>,
  modules: readonly ConsoleModule[],
  { channel, reader, at }: { readonly channel: string; readonly reader: string; readonly at: string },
): Promise<RoamingFacts> {
  const ask = async <T>(
    name: string,
    query: string,
    args: Parameters<Api['query']>[2],
    none: T,
  ): Promise<T> => {
    const module = moduleNamed(modules, name);
    return module ? api.query<T>({ channel, module: module.id }, query, args) : none;
  };
  const [waiting, agreed, sheets, parties] = await Promise.all([
    ask<readonly Waiting[]>('roaming.statement', 'waiting', {}, []),
    ask<readonly Agreed[]>('roaming.statement', 'inForce', { at }, []),
    ask<readonly Published[]>('roaming.ir21', 'inForce', { at }, []),
    ask<readonly Published[]>('roaming.party', 'inForce', { at }, []),
  ]);
  const nets = await Promise.all(
    pairsOf(agreed, reader).map(async ({ partner, currency }): Promise<NetPosition> => {
      const none = { net: null as Net, statements: [] as readonly string[] };
      const { net, statements } = await ask('roaming.statement', 'netPosition', { partner, currency }, none);
      return { partner, currency, amount: signed(net, reader), statements: statements.length };
    }),
  );
  const partners = parties.map(({ id, publisher, body }) => ({ id, publisher, name: body.name ?? '' }));
  const operators = partners.map(({ publisher }) => publisher);
  const late = await Promise.all(
    sheets.map(async ({ id, publisher }): Promise<LateSheet> => {
      const from = operators.filter((did) => did !== publisher);
      const none = { version: 0, late: [] as readonly string[] };
      return { id, publisher, ...(await ask('roaming.ir21', 'late', { document: id, from }, none)) };
    }),
  );
  return { waiting, nets, partners, late };
}

/** Partners and currencies of statements that are agreed, once each. */
function pairsOf(agreed: readonly Agreed[], reader: string) {
  const pairs = new Map<string, { readonly partner: string; readonly currency: string }>();
  for (const { parties, terms } of agreed) {
    const partner = parties.find((did) => did !== reader);
    const currency = terms.result.net?.currency;
    if (partner !== undefined && currency !== undefined && parties.includes(reader))
      pairs.set(`${partner} ${currency}`, { partner, currency });
  }
  return [...pairs.values()];
}

const signed = (net: Net, reader: string): string =>
  net === null ? '0' : net.payer === reader ? `-${net.amount}` : net.amount;

/** How many statements stand at each stage, in the order of their way. */
export function stagesOf(waiting: readonly Waiting[]): readonly (readonly [stage: string, count: number])[] {
  const order = ['sent', 'received', 'accepted', 'paid', 'confirmed'];
  const stages = [...new Set([...order, ...waiting.map(({ stage }) => stage)])];
  return stages.flatMap((stage) => {
    const count = waiting.filter((one) => one.stage === stage).length;
    return count === 0 ? [] : [[stage, count] as const];
  });
}
