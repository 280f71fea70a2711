import { fail } from '../errors.ts';
import type { LedgerModule } from '../module.ts';
import type { Operation } from '../operation.ts';
import { signedBytes } from '../operations/operation-id.ts';
import { guard } from './guard.ts';
import { MAIN_NAMESPACE, type Rules } from './rules.ts';

/**
 * All checks that need no state. An operation read back from the log
 * may have lost its attachment to erasure: then only the attachment's own check is left out.
 * @throws AppError
 */
export function admitOperation(rules: Rules, operation: Operation, source: 'submitted' | 'log'): void {
  if (rules.admitted.has(operation)) return;
  const module = admitUpToAttachment(rules, operation);
  if (source === 'submitted' || operation.attachment !== null) {
    guard(module, () => module.checkAttachment?.(operation));
    rules.admitted.add(operation);
  }
}

/** The checks that look at no attachment. @throws AppError */
export function admitUpToAttachment(rules: Rules, operation: Operation): LedgerModule {
  const { payload } = operation;
  if (payload.network !== rules.network) throw fail('wrong_network', { field: '/payload/network' });
  const module = moduleOf(rules, operation);
  if (payload.ns !== MAIN_NAMESPACE && !(module.inChannels && rules.namespaceRule)) {
    throw fail('wrong_namespace', { field: '/payload/ns' });
  }
  const present = payload.sequence === undefined ? 'object' : 'actor';
  if (present !== module.ordering) {
    throw fail('wrong_ordering', { field: '/payload', extra: { ordering: module.ordering } });
  }
  // Before the module's own checks: those parse documents and keys, which no stranger is to get for free.
  verifySignatures(rules, operation);
  guard(module, () => module.checkStateless(operation));
  return module;
}

/** @throws AppError unknown_module */
export function moduleOf(rules: Rules, { payload }: Operation): LedgerModule {
  const module = rules.modules.get(payload.module);
  if (!module) throw fail('unknown_module', { field: '/payload/module' });
  return module;
}

/** Every signature must verify: one that does not is a lie, not noise. */
function verifySignatures({ verifier, verified, unverified }: Rules, operation: Operation): void {
  if (verified.has(operation)) return;
  const { payloadBytes, signatures } = operation;
  const message = signedBytes(payloadBytes);
  const known = unverified.get(operation);
  const bad =
    known ?? signatures.findIndex(({ key, signature }) => !verifier.verify(key, message, signature));
  if (bad >= 0) throw fail('signature_invalid', { field: `/signatures/${bad}` });
  verified.add(operation);
}
