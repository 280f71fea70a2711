import { askForStatus } from './ocsp-client.ts';

/** A responder in a process of its own, at one of its ports. */
export interface Responder {
  readonly port: number;
  readonly path: string;
  /** Of its whole process so far. */
  cpuSeconds(): Promise<number>;
}

export interface Way {
  readonly responder: Responder;
  readonly keepsConnections: boolean;
}

const WARM_UP_SECONDS = 6;
const ROUND_SECONDS = 2;
const ROUNDS = 3;

/**
 * Answers for each second of a responder's CPU time, each way. Ways take turns in short rounds, because what else a machine does
 * changes from one second to the next; of each way the median counts.
 */
export async function answersPerCpuSecond<Name extends string>(
  ways: Readonly<Record<Name, Way>>,
  requests: readonly Uint8Array[],
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[];
  const rates = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  const ask = ({ responder, keepsConnections }: Way, seconds: number): Promise<number> =>
    askForStatus({ ...responder, requests, keepsConnections, seconds });
  for (const name of names) await ask(ways[name], WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      const { responder } = ways[name];
      const before = await responder.cpuSeconds();
      const answered = await ask(ways[name], ROUND_SECONDS);
      rates[name].push(answered / ((await responder.cpuSeconds()) - before));
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(rates[name])])) as Record<Name, number>;
}

const median = (values: readonly number[]): number =>
  Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN);
