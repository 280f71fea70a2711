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

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  readonly help: string;
}

/** Does the command. Undefined: it has printed what there was and goes on running. */
export type Run = (input: CommandInput) => Promise<CommandResult | undefined>;

/** One command of `attestel`, as data: the same table runs it and prints its help. */
export interface Command {
  /** Words after `attestel`, such as `did resolve`. */
  readonly name: string;
  readonly summary: string;
  /** The last one may end in `...`: one or more; in brackets, any number. */
  readonly positionals?: readonly string[];
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** Loads what does the command, and nothing before it is run: most commands need little of Attestel. */
  readonly load: () => Promise<{ readonly run: Run }>;
}
