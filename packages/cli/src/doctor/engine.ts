import { type EngineState, engineState } from '@attestel/ledger/engine';
import type { Finding } from './finding.ts';

/** Only `--driver cometbft` needs it; but who named a binary meant to use it. */
export async function engine(env: NodeJS.ProcessEnv = process.env): Promise<Finding> {
  const found = await engineState({ env });
  const ok = found.state !== 'missing' || found.version !== undefined;
  return { check: 'engine', ok, says: toText(found) };
}

function toText({ state, binary, version }: EngineState): string {
  if (version === undefined)
    return state === 'ready'
      ? binary
      : `ATTESTEL_COMETBFT names no program: ${binary}; correct it or unset it`;
  if (state === 'ready') return `CometBFT ${version}, ${binary}`;
  if (state === 'buildable') return `CometBFT ${version} is built at its first use, which takes some minutes`;
  return `no CometBFT here: only --driver cometbft needs it (install Go 1.25 or newer, or set ATTESTEL_COMETBFT)`;
}
