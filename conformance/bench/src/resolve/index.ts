import { createHttpResolver, createLedgerResolver, getResolver } from '@attestel/did';
import { createLedgerTrust } from '@attestel/did/verify';
import { formatPolicy } from '@attestel/proof';
import { Resolver } from 'did-resolver';
import { freePort } from '../free-port.ts';
import { createAgent, createTab } from '../login/http-client.ts';
import { measure } from '../measure.ts';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import type { BenchResult } from '../result.ts';
import { createBenchLedger, FULL, policy } from './bench-ledger.ts';
import { type ClientRates, CONCURRENT, measureClient } from './client-rates.ts';
import { load } from './load.ts';
import { total } from './organisation.ts';
import { measureEthr } from './peer-ethr.ts';
import { IDENTIFIERS, type ResolverReady } from './protocol.ts';

/** Of each of three servers in turn. */
const HTTP_ROUNDS = 3;
const HTTP_SECONDS = 2;
/** A bare document, which is the default, would come without its proof. */
const WHOLE_RESULT = { accept: 'application/did-resolution' };

/**
 * Resolution with a receipt: in process per CPU-second, over HTTP, and by a client of a node beside it, which
 * is compared with ethr-did-resolver on a local anvil in the same run. Like with like: documents of 40
 * statements, each made by 40 writes in 40 blocks; a local node each; one client through did-resolver, one
 * resolution after the other and eight at a time. Our client verifies the proof of every answer; our node keeps
 * answers for one checkpoint (`resolve_anew_per_core`: nothing kept), did:ethr's client keeps nothing.
 */
export async function run(): Promise<BenchResult> {
  const inProcess = await measureInProcess();
  const { node, bare, express, client } = await measureNode();
  const ethr = await measureEthr({ count: total(FULL), keys: FULL.keys });
  return {
    name: 'resolve',
    figures: {
      ...inProcess,
      http_resolve_per_cpu_s: node.perCpuSecond,
      http_resolve_per_s_at_8: node.perSecond,
      http_bare_per_cpu_s: bare.perCpuSecond,
      http_express_per_cpu_s: express.perCpuSecond,
      ...named('client', client),
    },
    peers: {
      ...named('ethr', ethr.documented),
      ...named('ethr_tuned', ethr.tuned),
      ...named('ethr_one_block', ethr.oneBlock),
    },
    ratios: {
      ...against('resolve_vs_ethr', client, ethr.documented),
      ...against('resolve_vs_ethr_tuned', client, ethr.tuned),
      ...against('resolve_vs_ethr_one_block', client, ethr.oneBlock),
      in_process_vs_ethr_cpu: round((inProcess.resolve_40_per_core * ethr.documented.cpuMs) / 1000),
      server_share_of_cpu: round(1 - node.perCpuSecond / bare.perCpuSecond),
      express_share_of_cpu: round(1 - express.perCpuSecond / bare.perCpuSecond),
    },
  };
}

/** How many times the peer's time, rate and CPU time a client of ours does better. */
const against = (name: string, ours: ClientRates, peer: ClientRates): Record<string, number> => ({
  [name]: round(peer.sequentialMs / ours.sequentialMs),
  [`${name}_at_${CONCURRENT}`]: round(ours.concurrentPerSecond / peer.concurrentPerSecond),
  [`${name}_cpu`]: round(peer.cpuMs / ours.cpuMs),
});

const named = (name: string, rates: ClientRates): Record<string, number> => ({
  [`${name}_sequential_ms`]: round(rates.sequentialMs),
  [`${name}_per_s_at_${CONCURRENT}`]: round(rates.concurrentPerSecond),
  [`${name}_cpu_ms`]: round(rates.cpuMs),
});

/** Resolutions per CPU-second in a node's own process. */
async function measureInProcess() {
  const { ledger, usual, full, close } = await createBenchLedger();
  const resolver = createLedgerResolver(ledger);
  const proven = { receipt: 'path' } as const;
  const resolve = (dids: readonly string[]) => (i: number) =>
    resolver.resolve(dids[i % dids.length] ?? '', proven);
  // A resolver that has answered nothing yet keeps nothing.
  const resolveAnew = (i: number) =>
    createLedgerResolver(ledger).resolve(usual[i % usual.length] ?? '', proven);
  try {
    const rates = await measure([
      { name: 'usual', run: resolve(usual) },
      { name: 'full', run: resolve(full) },
      { name: 'anew', run: resolveAnew },
    ]);
    const { usual: kept = Number.NaN, full: keptFull = Number.NaN, anew = Number.NaN } = rates;
    return { resolve_per_core: kept, resolve_anew_per_core: anew, resolve_40_per_core: keptFull };
  } finally {
    await close();
  }
}

interface HttpRates {
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

type Node = MeasuredProcess<ResolverReady>;

interface NodeRates {
  /** As deployed. */
  readonly node: HttpRates;
  /** The same route under `node:http` alone. */
  readonly bare: HttpRates;
  /** The same route under Express alone, which a node keeps off this path. */
  readonly express: HttpRates;
  readonly client: ClientRates;
}

async function measureNode(): Promise<NodeRates> {
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const [port] = ports;
  const node = await startMeasured<ResolverReady>(new URL('serve-resolver.ts', import.meta.url), ports);
  try {
    const [deployed, bare, express] = await measureHttp(node, ports);
    return {
      node: deployed,
      bare,
      express,
      client: await measureClient(clientOf(node, port), () => node.cpuMicroseconds()),
    };
  } finally {
    await node.stop();
  }
}

type Three<T> = readonly [T, T, T];

/** They take turns, so that a machine that is busy for a while hurts them alike; median by CPU time. */
async function measureHttp(node: Node, ports: Three<number>): Promise<Three<HttpRates>> {
  const rounds: HttpRates[][] = [];
  for (let round = 0; round < HTTP_ROUNDS; round++) {
    const rates: HttpRates[] = [];
    for (const port of ports) rates.push(await measureOnce(node, port));
    rounds.push(rates);
  }
  const medianOf = (i: number): HttpRates => {
    const sorted = rounds.flatMap((rates) => rates[i] ?? []).sort((a, b) => a.perCpuSecond - b.perCpuSecond);
    return sorted[Math.floor(sorted.length / 2)] ?? { perCpuSecond: Number.NaN, perSecond: Number.NaN };
  };
  return [medianOf(0), medianOf(1), medianOf(2)];
}

/** What the node spends on a request and how many it answers; the generator's own work is not in the first. */
async function measureOnce(node: Node, port: number): Promise<HttpRates> {
  const agent = createAgent();
  const tab = createTab(agent);
  const { full } = node.ready;
  const get = async (i: number): Promise<void> => {
    const url = `http://127.0.0.1:${port}${IDENTIFIERS}${full[i % full.length]}`;
    const { status, text } = await tab.send('GET', url, { headers: WHOLE_RESULT });
    if (status !== 200 || !text.includes('"receipts"')) throw new Error(`resolution over HTTP: ${status}`);
  };
  await load(get, { inFlight: CONCURRENT, seconds: 1 });
  const before = await node.cpuMicroseconds();
  const { count, perSecond } = await load(get, { inFlight: CONCURRENT, seconds: HTTP_SECONDS });
  const spent = (await node.cpuMicroseconds()) - before;
  agent.destroy();
  return { perCpuSecond: Math.round(count / (spent / 1e6)), perSecond: Math.round(perSecond) };
}

/** One client through did-resolver, as the peer's, which verifies every answer. */
function clientOf({ ready: { full } }: Node, port: number): (i: number) => Promise<void> {
  const trust = createLedgerTrust({ policy: formatPolicy(policy) });
  const source = createHttpResolver({ endpoint: `http://127.0.0.1:${port}`, fetch, trust });
  const resolver = new Resolver(getResolver(source));
  return async (i) => {
    const { didDocument } = await resolver.resolve(full[i % full.length] ?? '');
    const { verificationMethod = [], service = [], alsoKnownAs = [] } = didDocument ?? {};
    const stated = verificationMethod.length + service.length + alsoKnownAs.length;
    if (stated !== total(FULL)) throw new Error(`did:mno: ${stated} statements`);
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
