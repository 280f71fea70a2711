import type { ConsoleModule } from '../../server/console-routes.ts';
import type { Api, Arguments } from '../api/client.ts';
import { moduleNamed } from '../model/scenarios.ts';

/** Where an object of the board stands. */
interface Stands {
  readonly id: string;
  readonly channel: string;
}

export interface Waiting extends Stands {
  readonly stage: string;
  readonly waitsFor: string | null;
}

export interface NetPosition {
  readonly partner: string;
  readonly currency: string;
  /** Decimal text: what the reader gets is positive, what it owes negative. */
  readonly amount: string;
}

export interface LateSheet extends Stands {
  readonly publisher: string;
  readonly version: number;
  readonly late: readonly string[];
}

export interface Partner extends Stands {
  readonly publisher: string;
  readonly name: string;
  readonly codes: readonly string[];
}

export interface RoamingFacts {
  readonly waiting: readonly Waiting[];
  readonly nets: readonly NetPosition[];
  readonly partners: readonly Partner[];
  readonly late: readonly LateSheet[];
}

interface Agreed {
  readonly parties: readonly string[];
  readonly terms: { readonly result: { readonly net: { readonly currency: string } | null } };
}

interface Published {
  readonly id: string;
  readonly publisher: string;
  readonly body: { readonly name?: string; readonly tadig?: readonly string[] };
}

type Net = { readonly payer: string; readonly amount: string } | null;

export interface BoardRequest {
  readonly channels: readonly string[];
  readonly reader: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Asks a query of a module; `none` where this node does not run it. */
type Ask = <T>(name: string, query: string, args: Arguments, none: T) => Promise<T>;

/** What the roaming board shows, from the modules' own queries: amounts are added up by them, exactly. */
export async function roamingFacts(
  api: Pick<Api, 'query'>,
  modules: readonly ConsoleModule[],
  { channels, ...request }: BoardRequest,
): Promise<RoamingFacts> {
  const parts = await Promise.all(
    channels.map((channel) => {
      const ask: Ask = async (name, query, args, none) => {
        const module = moduleNamed(modules, name);
        return module ? api.query({ channel, module: module.id }, query, args) : none;
      };
      return factsOf(ask, channel, request);
    }),
  );
  return {
    waiting: parts.flatMap(({ waiting }) => waiting),
    nets: parts.flatMap(({ nets }) => nets),
    partners: parts.flatMap(({ partners }) => partners),
    late: parts.flatMap(({ late }) => late),
  };
}

async function factsOf(
  ask: Ask,
  channel: string,
  { reader, at }: Omit<BoardRequest, 'channels'>,
): Promise<RoamingFacts> {
  const [waiting, agreed, sheets, parties] = await Promise.all([
    ask<readonly Omit<Waiting, 'channel'>[]>('roaming.statement', 'waiting', {}, []),
    ask<readonly Agreed[]>('roaming.statement', 'inForce', { at }, []),
    ask<readonly Published[]>('roaming.ir21', 'inForce', { at }, []),
    ask<readonly Published[]>('roaming.party', 'inForce', { at }, []),
  ]);
  const partners = parties.map(({ id, publisher, body: { name = '', tadig = [] } }) => ({
    ...{ id, channel, publisher, name },
    codes: tadig,
  }));
  return {
    waiting: waiting.map((one) => ({ ...one, channel })),
    nets: await netsOf(ask, agreed, reader),
    partners,
    late: await latesOf(ask, channel, sheets, partners),
  };
}

const netsOf = (ask: Ask, agreed: readonly Agreed[], reader: string): Promise<readonly NetPosition[]> =>
  Promise.all(
    pairsOf(agreed, reader).map(async (pair) => {
      const { net } = await ask('roaming.statement', 'netPosition', pair, { net: null as Net });
      return { ...pair, amount: signed(net, reader) };
    }),
  );

const latesOf = (
  ask: Ask,
  channel: string,
  sheets: readonly Published[],
  partners: readonly Partner[],
): Promise<readonly LateSheet[]> =>
  Promise.all(
    sheets.map(async ({ id, publisher }) => {
      const from = partners.flatMap((one) => (one.publisher === publisher ? [] : [one.publisher]));
      const none = { version: 0, late: [] as readonly string[] };
      return { id, channel, publisher, ...(await ask('roaming.ir21', 'late', { document: id, from }, none)) };
    }),
  );

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
