// Entry `@attestel/ledger/engine`: whether a machine can have the CometBFT engine, without loading a ledger.
export { type EngineState, engineState } from './drivers/cometbft/engine/find-engine.ts';
