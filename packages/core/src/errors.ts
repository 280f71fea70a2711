/**
 * What kind of failure an error is. It alone decides the HTTP status and the exit code, so the two
 * can never disagree.
 */
export type ErrorKind =
  | 'bad-input'
  | 'unauthenticated'
  | 'denied'
  | 'conflict'
  | 'gone'
  | 'not-found'
  | 'too-large'
  | 'too-many'
  | 'unsupported'
  | 'proof-failed'
  | 'unavailable'
  | 'internal';

const HTTP_STATUS: Record<ErrorKind, number> = {
  'bad-input': 400,
  unauthenticated: 401,
  denied: 403,
  conflict: 409,
  gone: 410,
  'not-found': 404,
  'too-large': 413,
  'too-many': 429,
  unsupported: 501,
  'proof-failed': 422,
  unavailable: 503,
  internal: 500,
};

/** Exit codes of the `attestel` command. */
export const EXIT_CODES: Record<ErrorKind, number> = {
  'bad-input': 2,
  unauthenticated: 3,
  denied: 3,
  conflict: 4,
  gone: 4,
  'not-found': 5,
  'too-large': 2,
  'too-many': 1,
  unsupported: 2,
  'proof-failed': 6,
  unavailable: 1,
  internal: 1,
};

export interface ErrorOptions {
  /** The field or rule that failed, as a JSON pointer or a claim name: may reach the client. */
  readonly field?: string;
  /** For the log only. Never a secret, a token or a phone number. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Extra members for the client, such as the current head in a conflict. */
  readonly extra?: Readonly<Record<string, string | number | boolean>>;
}

/** One row of a package's error table. `wire` is the protocol's own error code, where it has one. */
export interface ErrorRow {
  readonly kind: ErrorKind;
  readonly message: string;
  readonly wire?: string;
}

/**
 * The only error class that crosses a package border. `message` may reach a client: it names the
 * rule, never the input.
 */
export class AppError<Code extends string = string> extends Error {
  override readonly name = 'AppError';
  readonly code: Code;
  readonly kind: ErrorKind;
  readonly wire: string | undefined;
  readonly field: string | undefined;
  readonly detail: string | undefined;
  readonly extra: Readonly<Record<string, string | number | boolean>>;

  constructor(code: Code, row: ErrorRow, options: ErrorOptions = {}) {
    super(options.field === undefined ? row.message : `${options.field}: ${row.message}`, {
      cause: options.cause,
    });
    this.code = code;
    this.kind = row.kind;
    this.wire = row.wire;
    this.field = options.field;
    this.detail = options.detail;
    this.extra = options.extra ?? {};
  }

  get status(): number {
    return HTTP_STATUS[this.kind];
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }
}

/**
 * Makes a package's error constructor from its table, so that the code union derives from the table:
 * `const fail = errorsOf({ token_expired: { kind: 'denied', message: '…' } }); throw fail('token_expired')`.
 */
export function errorsOf<const Table extends Record<string, ErrorRow>>(table: Table) {
  return <Code extends keyof Table & string>(code: Code, options?: ErrorOptions): AppError<Code> =>
    new AppError(code, table[code] as ErrorRow, options);
}

export const isAppError = (error: unknown): error is AppError => error instanceof AppError;
