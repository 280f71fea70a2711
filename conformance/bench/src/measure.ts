export interface Task {
  readonly name: string;
  /** One operation; `i` counts up, so that inputs can differ. */
  readonly run: (i: number) => unknown;
}

const ROUNDS = 5;
const ROUND_CPU_MS = 300;
const WARM_UP = 100;

/**
 * Operations per CPU-second of each task: median over rounds in which all tasks take turns, so that a
 * machine that is busy for a while hurts them alike.
 */
export async function measure(tasks: readonly Task[]): Promise<Record<string, number>> {
  const rates = new Map<string, number[]>(tasks.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const task of tasks) rates.get(task.name)?.push(await rateOf(task));
  }
  return Object.fromEntries([...rates].map(([name, values]) => [name, Math.round(median(values))]));
}

async function rateOf(task: Task): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await task.run(i);
  const start = process.cpuUsage();
  for (let count = 0; ; ) {
    for (let i = 0; i < 20; i++) {
      const result = task.run(count++);
      // Awaiting what is no promise would charge a turn of the event loop to synchronous work.
      if (result instanceof Promise) await result;
    }
    const { user, system } = process.cpuUsage(start);
    if (user + system >= ROUND_CPU_MS * 1000) return count / ((user + system) / 1e6);
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
