import type { ContractNode } from './contract-node.ts';

/** Commands on their way at once. */
export const IN_FLIGHT = 256;
const MODULE = 'bench.thing@1';

export interface CommandRates {
  /** Per second of wall clock, from the call to the durable answer. */
  readonly rate: number;
  /** Milliseconds that each took, sorted. */
  readonly taken: readonly number[];
}

/**
 * Half of the commands begin an object with a serial number of its own, half move one of those; closed loop. Everything
 * that was acknowledged is looked up afterwards.
 */
export async function runCommands(
  { host, party }: ContractNode,
  first: number,
  count: number,
): Promise<CommandRates> {
  const taken: number[] = [];
  const moved: string[] = [];
  let next = first;
  const send = async (command: string, data: { [field: string]: never }, id?: string) => {
    const from = performance.now();
    const answer = await host.run({ channel: 'main', module: MODULE, command, id, data, actor: party.did });
    taken.push(performance.now() - from);
    return answer;
  };
  const runSome = async (): Promise<void> => {
    while (next < first + count) {
      const number = next;
      next += 2;
      const facts = { serial: `SN-${number}`, site: `site-${number % 1000}` };
      const begun = await send('register', { facts } as never);
      const answer = await send('transition', { to: 'used' } as never, begun.id);
      moved.push(answer.id);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, runSome));
  const rate = taken.length / ((performance.now() - start) / 1000);
  for (const id of moved) {
    const { lines } = await host.get({ channel: 'main', module: MODULE, id, reader: { actor: party.did } });
    if (lines !== 2) throw new Error('bench: an acknowledged command is not there');
  }
  return { rate, taken: taken.sort((a, b) => a - b) };
}
