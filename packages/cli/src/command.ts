import type { ParseArgsOptionsConfig } from 'node:util';

/** What a command has done: data for `--json`, text for people, and what to do next. */
export interface CommandResult {
  readonly data: unknown;
  readonly text: string;
  readonly next?: string;
  /** Where the command worked but found something wrong; 0 otherwise. */
  readonly exitCode?: number;
}

export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
  /** A line about progress, to standard error; silent with --json. */
  readonly progress: (line: string) => void;
}

/** One command of `attestel`, as data: the same table runs it and prints its help. */
export interface Command {
  /** Words after `attestel`, such as `did resolve`. */
  readonly name: string;
  readonly summary: string;
  readonly positionals?: readonly string[];
  readonly options?: ParseArgsOptionsConfig;
  /** Help text per option. */
  readonly help?: Readonly<Record<string, string>>;
  /** Undefined: the command has printed what there was and goes on running. */
  readonly run: (input: CommandInput) => Promise<CommandResult | undefined>;
}
