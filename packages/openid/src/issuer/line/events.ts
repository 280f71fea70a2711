import type { SuspensionReason } from './state.ts';

/** What happens to a line. Times are unix seconds; handles are 32 random bytes in base64url. */
export type LineEvent = { readonly at: number } & (
  | { readonly type: 'activate'; readonly handle: string }
  | { readonly type: 'port-in'; readonly handle: string }
  | { readonly type: 'sim-swap' }
  | { readonly type: 'loss' }
  | { readonly type: 're-issue' }
  | { readonly type: 'suspend'; readonly reason: Extract<SuspensionReason, 'customer' | 'operator'> }
  | { readonly type: 'resume' }
  | { readonly type: 'transfer'; readonly handle: string }
  | { readonly type: 'terminate' }
  | { readonly type: 'death' }
  | { readonly type: 'corporate'; readonly corporate: boolean }
  | { readonly type: 'recycle' }
  | { readonly type: 'port-out' }
  /** A wallet takes credentials with the key that is bound already, or with the first one. */
  | { readonly type: 'bind'; readonly key: string }
  /** A wallet takes credentials with another key; `oldKey`: the bound key has signed for it. */
  | { readonly type: 'new-device'; readonly key: string; readonly oldKey: boolean }
  /** The bound key refuses the re-binding that is waiting. */
  | { readonly type: 'veto'; readonly key: string }
);

export type LineEventType = LineEvent['type'];

/** Why an event is refused. The code is safe to show: it names a rule, no person. */
export type LineRefusal =
  | 'not-in-this-phase'
  | 'handle-malformed'
  | 'handle-used-before'
  | 'quarantine-not-over'
  | 'rebinding-pending'
  | 'nothing-pending'
  | 'nothing-bound'
  | 'not-the-bound-key'
  | 'key-is-bound'
  | 'key-not-bound'
  | 'not-lost';
