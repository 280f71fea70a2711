import { parseArgs } from 'node:util';
import { AppError, type ErrorKind, isAppError } from '@attestel/core';
import type { Command, CommandResult } from './command.ts';
import { fail } from './errors.ts';

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Runs one command line. Returns the exit code, or undefined while a command goes on running. */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  output: Output,
): Promise<number | undefined> {
  const wantsJson = args.includes('--json');
  try {
    const found = findCommand(args, commands);
    if (!found || args.includes('--help')) {
      output.out(found ? helpFor(found.command) : overview(commands));
      if (found || args.length === 0 || args.includes('--help')) return 0;
      throw fail('command_unknown', { field: args.filter((a) => !a.startsWith('-')).join(' ') });
    }
    const { values, positionals } = parse(found.command, found.rest);
    const progress = wantsJson ? () => {} : output.err;
    const { run } = await found.command.load();
    const result = await run({ values, positionals, progress });
    if (!result) return undefined;
    output.out(wantsJson ? JSON.stringify(result.data) : toText(result));
    return result.exitCode ?? 0;
  } catch (error) {
    return report(error, wantsJson, output);
  }
}

function findCommand(args: readonly string[], commands: readonly Command[]) {
  const matches = commands.filter((c) => c.name.split(' ').every((word, i) => args[i] === word));
  const command = matches.sort((a, b) => b.name.length - a.name.length)[0];
  return command && { command, rest: args.slice(command.name.split(' ').length) };
}

function parse(command: Command, rest: readonly string[]) {
  const expected = command.positionals ?? [];
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...rest],
      options: { ...command.options, json: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw fail('option_invalid', { field: (error as Error).message.split('. ')[0] ?? 'option' });
  }
  const missing = expected[parsed.positionals.length];
  if (missing && !missing.startsWith('[')) throw fail('argument_missing', { field: missing });
  if (parsed.positionals.length > expected.length && !/\.\.\.\]?$/.test(expected.at(-1) ?? ''))
    throw fail('argument_superfluous', { field: `argument ${expected.length + 1}` });
  return parsed;
}

const toText = (result: CommandResult): string =>
  result.next ? `${result.text}\n\nNext: ${result.next}` : result.text;

function report(error: unknown, asJson: boolean, output: Output): number {
  const known = isAppError(error) ? error : (fileFault(error) ?? unknownFault(error));
  if (asJson) output.out(JSON.stringify({ error: known.code, message: known.message, ...known.extra }));
  else output.err([`attestel: ${known.message} [${known.code}]`, ...linesOf(known.extra)].join('\n'));
  return known.exitCode;
}

/** The message names the field already. */
const linesOf = (extra: AppError['extra']): readonly string[] =>
  Object.entries(extra)
    .filter(([name]) => name !== 'field')
    .map(([name, value]) => `  ${name}: ${value}`);

const unknownFault = (error: unknown): AppError =>
  new AppError('internal', { kind: 'internal', message: (error as Error)?.message ?? 'unknown error' });

/** What the system says of a file that an option names: nothing is wrong with this program. */
const FILE_FAULTS: Readonly<Record<string, readonly [kind: ErrorKind, rule: string]>> = {
  ENOENT: ['not-found', 'no such file or folder'],
  ENOTDIR: ['bad-input', 'part of the path is no folder'],
  EISDIR: ['bad-input', 'is a folder, not a file'],
  EACCES: ['denied', 'may not be read or written by this user'],
  EROFS: ['denied', 'is on a disk that is read-only'],
  ENOSPC: ['unavailable', 'the disk is full'],
};

function fileFault(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const [kind, message] = FILE_FAULTS[code] ?? [];
  if (kind === undefined || message === undefined) return undefined;
  return new AppError('file_unusable', { kind, message: path ? `${path}: ${message}` : message });
}

const overview = (commands: readonly Command[]): string => {
  const width = Math.max(...commands.map((c) => c.name.length));
  const lines = commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`);
  return `attestel — sign in with your number, on a ledger operators share\n\nUsage: attestel COMMAND [options]\n\n${lines.join('\n')}\n\nEvery command takes --json and --help.\nExit codes: 0 done, 2 bad input, 3 denied, 4 conflict, 5 not found, 6 proof failed, 1 anything else.`;
};

const helpFor = (command: Command): string => {
  const positionals = (command.positionals ?? []).map((p) => ` ${p}`).join('');
  const options = Object.entries(command.options ?? {}).map(
    ([name, option]) => `  --${name}${option.type === 'string' ? ' VALUE' : ''}  ${option.help}`,
  );
  return [
    `attestel ${command.name}${positionals} [options]`,
    '',
    command.summary,
    '',
    ...options,
    '  --json  one JSON document on standard output',
  ].join('\n');
};
