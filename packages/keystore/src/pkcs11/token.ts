import type { Handle, PKCS11 } from 'pkcs11js';
import { fail } from '../errors.ts';

/** pkcs11js, loaded when a token is asked for: it is compiled on the machine, and most need none. */
export type Cryptoki = typeof import('pkcs11js');

export interface TokenOptions {
  /** Path of the PKCS #11 library of the token's maker. */
  readonly library: string;
  /** Label of the token. */
  readonly label: string;
  /** Of the token's user. */
  readonly pin: string;
}

/** A session with a token, in which the user is logged in. */
export interface Session {
  readonly cryptoki: Cryptoki;
  readonly library: PKCS11;
  readonly handle: Handle;
}

export interface Token {
  /** One use after another: a session does one thing at a time. @throws AppError token_unavailable, key_not_found */
  use<T>(work: (session: Session) => T | Promise<T>): Promise<T>;
}

/**
 * Logs in to a token (PKCS #11 v2.40 §5.4–§5.6). The session lasts as long as the process.
 * @throws AppError token_unavailable (the field says which part), token_pin_refused
 */
export async function openToken(options: TokenOptions): Promise<Token> {
  const cryptoki = await loadCryptoki();
  const library = loadLibrary(cryptoki, options.library);
  const handle = logIn({ cryptoki, library }, options);
  const session = { cryptoki, library, handle };
  let last: Promise<unknown> = Promise.resolve();
  return {
    use(work) {
      const run = last.then(() => work(session)).catch((cause) => Promise.reject(refusal(cryptoki, cause)));
      last = run.catch(() => undefined);
      return run;
    },
  };
}

async function loadCryptoki(): Promise<Cryptoki> {
  try {
    return (await import('pkcs11js')).default as unknown as Cryptoki;
  } catch (cause) {
    const field = 'pkcs11js (to be compiled once: npm run build:pkcs11)';
    throw fail('token_unavailable', { field, cause });
  }
}

function loadLibrary(cryptoki: Cryptoki, path: string): PKCS11 {
  const library = new cryptoki.PKCS11();
  try {
    library.load(path);
    unless(cryptoki.CKR_CRYPTOKI_ALREADY_INITIALIZED, () =>
      library.C_Initialize({ flags: cryptoki.CKF_OS_LOCKING_OK }),
    );
  } catch (cause) {
    throw fail('token_unavailable', { field: 'library', cause });
  }
  return library;
}

function logIn({ cryptoki, library }: Omit<Session, 'handle'>, { label, pin }: TokenOptions): Handle {
  const slot = slotOf(library, label);
  try {
    const handle = library.C_OpenSession(slot, cryptoki.CKF_SERIAL_SESSION | cryptoki.CKF_RW_SESSION);
    unless(cryptoki.CKR_USER_ALREADY_LOGGED_IN, () => library.C_Login(handle, cryptoki.CKU_USER, pin));
    return handle;
  } catch (cause) {
    const { CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED } = cryptoki;
    const isPin = [CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED].includes(
      codeOf(cause),
    );
    throw isPin
      ? fail('token_pin_refused', { cause })
      : fail('token_unavailable', { field: 'session', cause });
  }
}

function slotOf(library: PKCS11, label: string): Handle {
  const isNamed = (slot: Handle): boolean => library.C_GetTokenInfo(slot).label.trimEnd() === label;
  let slot: Handle | undefined;
  try {
    slot = library.C_GetSlotList(true).find(isNamed);
  } catch (cause) {
    throw fail('token_unavailable', { field: 'slots', cause });
  }
  if (!slot) throw fail('token_unavailable', { field: 'label' });
  return slot;
}

/** Another part of this process may have been here first: the library and the login are of the whole process. */
function unless(expected: number, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (codeOf(error) !== expected) throw error;
  }
}

/** Return value of the function that failed (PKCS #11 v2.40 §5.1). */
function codeOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : Number.NaN;
}

/** A handle that the token does not know any more is a key that somebody else destroyed. */
function refusal({ CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID }: Cryptoki, cause: unknown): unknown {
  const code = codeOf(cause);
  if (Number.isNaN(code)) return cause;
  const isGone = code === CKR_KEY_HANDLE_INVALID || code === CKR_OBJECT_HANDLE_INVALID;
  return fail(isGone ? 'key_not_found' : 'token_unavailable', { cause });
}
