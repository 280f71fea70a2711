import { isAppError } from '@attestel/core';
import { findEngine } from '@attestel/ledger';

/** Said where tests that need the engine are left out. */
export const NO_ENGINE = 'skipped: no Go toolchain and no ATTESTEL_COMETBFT';

/** Whether there is an engine to test with; where everything is required, there has to be one. @throws AppError */
export async function engineForTests(): Promise<boolean> {
  try {
    await findEngine({ onProgress: (line) => process.stderr.write(`${line}\n`) });
    return true;
  } catch (error) {
    if (!isAppError(error) || error.code !== 'engine_missing') throw error;
    if (process.env.ATTESTEL_REQUIRE_ALL === '1') throw error;
    process.stderr.write(`${NO_ENGINE}\n`);
    return false;
  }
}
