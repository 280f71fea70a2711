import { isAppError } from '@attestel/core';
import { fail } from '../errors.ts';
import type { LedgerModule } from '../module.ts';

/**
 * Runs a module's code. It refuses by AppError; anything else is a bug of the module, which refuses the
 * operation too (fail closed) and is told to the log, not to the caller.
 */
export function guard<T>(module: LedgerModule, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isAppError(error)) throw error;
    throw fail('module_failed', {
      cause: error,
      detail: `${module.name}: ${error instanceof Error ? error.message : 'threw a non-error'}`,
    });
  }
}
