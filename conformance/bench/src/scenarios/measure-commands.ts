import { runCommands } from './commands.ts';
import type { ContractNode } from './contract-node.ts';
import { submitLines } from './lines-alone.ts';

export interface CommandFigures {
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  /** Lines per second without a host. */
  readonly lines: number;
}

/** Commands and the lines that they write, in turns, so that a machine that is busy for a while hurts both alike. */
export async function measureCommands(
  node: ContractNode,
  { rounds, commands }: { readonly rounds: number; readonly commands: number },
): Promise<CommandFigures> {
  const lines = commands / 2;
  await runCommands(node, 0, commands / 10);
  await submitLines(node, lines / 10);
  const [commandRates, lineRates, taken]: [number[], number[], number[]] = [[], [], []];
  const cpu = { commands: 0, lines: 0 };
  let bytes = 0;
  for (let number = 1; number <= rounds; number++) {
    const from = node.ledger.head().size;
    let before = process.cpuUsage();
    const done = await runCommands(node, number * commands, commands);
    cpu.commands += microseconds(before);
    bytes += logBytes(node, from);
    before = process.cpuUsage();
    lineRates.push(await submitLines(node, lines));
    cpu.lines += microseconds(before);
    commandRates.push(done.rate);
    taken.push(...done.taken);
  }
  taken.sort((a, b) => a - b);
  const [rate, alone] = [median(commandRates), median(lineRates)];
  const perCommand = cpu.commands / (rounds * commands);
  const perLine = cpu.lines / (rounds * lines);
  return {
    lines: alone,
    figures: {
      commands_per_s: Math.round(rate),
      command_p50_ms: round(shareOf(taken, 0.5)),
      command_p95_ms: round(shareOf(taken, 0.95)),
      command_p99_ms: round(shareOf(taken, 0.99)),
      command_cpu_us: Math.round(perCommand),
      line_cpu_us: Math.round(perLine),
      ledger_bytes_per_command: Math.round(bytes / (rounds * commands)),
    },
    ratios: {
      commands_vs_ledger: round(rate / alone),
      commands_vs_ledger_cpu: round(perLine / perCommand),
    },
  };
}

/** Bytes of the log's entries from one place on. */
function logBytes({ ledger }: ContractNode, from: number): number {
  let bytes = 0;
  for (const entry of ledger.entries(from, ledger.head().size - from)) bytes += entry.bytes.length;
  return bytes;
}

function microseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export const shareOf = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

const median = (values: readonly number[]): number =>
  shareOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );

export const round = (value: number): number => Math.round(value * 100) / 100;
