import { load } from './load.ts';

export const CONCURRENT = 8;
const SECONDS = 5;

export interface ClientRates {
  /** One resolution after the other. */
  readonly sequentialMs: number;
  /** {@link CONCURRENT} at a time. */
  readonly concurrentPerSecond: number;
  /** Of client and node together, for one resolution. */
  readonly cpuMs: number;
}

/** The same for every method: what one client sees of a node beside it, and what both spend. */
export async function measureClient(
  resolve: (i: number) => Promise<void>,
  nodeCpuMicroseconds: () => number | Promise<number>,
): Promise<ClientRates> {
  const sequential = await load(resolve, { inFlight: 1, seconds: SECONDS });
  const node = await nodeCpuMicroseconds();
  const own = process.cpuUsage();
  const concurrent = await load(resolve, {
    inFlight: CONCURRENT,
    seconds: SECONDS,
  });
  const { user, system } = process.cpuUsage(own);
  const spent = user + system + (await nodeCpuMicroseconds()) - node;
  return {
    sequentialMs: sequential.meanMs,
    concurrentPerSecond: concurrent.perSecond,
    cpuMs: spent / 1000 / concurrent.count,
  };
}
