export { isVerifierErrorCode, refusedAs, type VerifierErrorCode, verifierErrors } from './errors.ts';
export type { FlowMode, FlowPhase } from './flow.ts';
export { REQUEST_OBJECT_SECONDS } from './request-object.ts';
export { createSealer, type Sealer } from './sealer.ts';
export type {
  Completion,
  FlowState,
  Porting,
  Presentation,
  PresentationRequest,
  RequestInput,
  Verifier,
  VerifierOptions,
} from './types.ts';
export { createVerifier } from './verifier.ts';
export { type WriteBehind, writeBehindOf } from './write-behind.ts';
