import { isAppError } from '@attestel/core';

/** Code of the refusal, with field where it has one; `done` if there was none. Other errors are mistakes and go on. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.field === undefined ? error.code : `${error.code} ${error.field}`;
  }
  return 'done';
}
