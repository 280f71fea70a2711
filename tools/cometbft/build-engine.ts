// Builds the pinned engine into the cache, where tests and commands look for it; done at once where it is there.
import { findEngine } from '../../packages/ledger/src/drivers/cometbft/engine/find-engine.ts';

console.log(await findEngine({ onProgress: (line) => console.log(line) }));
