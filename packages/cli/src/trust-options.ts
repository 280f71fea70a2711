import { readFile } from 'node:fs/promises';
import { createLedgerTrust, type LedgerTrust } from '@attestel/did/verify';
import { proofCrypto } from '@attestel/ledger';
import type { CommandInput } from './command.ts';
import { fail } from './errors.ts';
import { requiredText, wholeNumber } from './option-values.ts';
import { fromHere } from './paths.ts';

type Values = CommandInput['values'];

/** Ten heartbeats of a ledger's witnesses. */
export const ONLINE_SECONDS = 300;
/** What was saved is older by nature: a day, unless --max-age says otherwise. */
export const OFFLINE_SECONDS = 86_400;
const YEARS = 100 * 365 * 86_400;

/** What `--policy` and `--max-age` say of the ledger's witnesses. @throws argument_missing, option_invalid, what a policy is refused for */
export async function trustOf(
  values: Values,
  { fallback, most = YEARS }: { readonly fallback: number; readonly most?: number },
): Promise<LedgerTrust> {
  const maxAgeSeconds = wholeNumber(values, 'max-age', { fallback, least: 1, most });
  return createLedgerTrust({ policy: await readText(values, 'policy'), crypto: proofCrypto, maxAgeSeconds });
}

/** Text of the file that an option names. @throws argument_missing, option_invalid */
export async function readText(values: Values, option: string): Promise<string> {
  const path = fromHere(requiredText(values, option));
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw fail('option_invalid', { field: `--${option} (a file that can be read)`, cause });
  });
}
