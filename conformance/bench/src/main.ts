import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchResult } from './result.ts';

/** The benchmarks of specs/architecture.md §6; a name whose folder is not there yet is not available. */
const NAMES = ['ledger', 'receipt', 'resolve', 'login', 'credential', 'status', 'pki', 'scenarios'] as const;

const usage = `usage: npm run -s bench -- NAME [--json] [--picture] [--small]
NAME: ${NAMES.join(' ')}
--small: scenarios with little of everything, to see that it runs; its figures mean nothing
--picture: receipt draws specs/pictures/ledger-growth.svg
`;

const { positionals, values } = parse();
const [name] = positionals;
if (positionals.length !== 1 || !NAMES.some((known) => known === name)) exit(2, usage);
if (values.picture && name !== 'receipt') exit(2, usage);
if (values.small && name !== 'scenarios') exit(2, usage);
const result = await load(String(name));
process.stdout.write(table(result));
if (values.json) {
  const { figures, peers, ratios } = result;
  const line = { name: result.name, machine: machine(), commit: commit(), figures, peers, ratios };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean' }, picture: { type: 'boolean' }, small: { type: 'boolean' } },
    });
  } catch {
    return exit(2, usage);
  }
}

async function load(folder: string): Promise<BenchResult> {
  const url = new URL(`./${folder}/index.ts`, import.meta.url).href;
  const module = (await import(url).catch((error: NodeJS.ErrnoException & { url?: string }) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND' && error.url === url)
      exit(5, `benchmark ${folder} does not exist yet\n`);
    throw error;
  })) as { run(options: { picture: boolean; small: boolean }): Promise<BenchResult> };
  return module.run({ picture: values.picture === true, small: values.small === true });
}

/** What the figures were measured on: without it they mean nothing. */
function machine(): { cpu: string; cores: number; node: string } {
  const all = cpus();
  return { cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length, node: process.version };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function table({ name, figures, peers, ratios }: BenchResult): string {
  const { cpu, cores, node } = machine();
  const sections = [
    ['figures (per CPU-second)', figures],
    ['peers, same run', peers],
    ['ratios', ratios],
  ] as const;
  const width = Math.max(...sections.flatMap(([, rows]) => Object.keys(rows).map((key) => key.length)));
  const lines = sections.flatMap(([title, rows]) => [
    `\n${title}`,
    ...Object.entries(rows).map(
      ([key, value]) => `  ${key.padEnd(width)}  ${value.toLocaleString('en').padStart(10)}`,
    ),
  ]);
  return `${name} on ${cpu}, ${cores} cores, ${node}\n${lines.join('\n')}\n`;
}

function exit(code: number, text: string): never {
  process.stderr.write(text);
  process.exit(code);
}
