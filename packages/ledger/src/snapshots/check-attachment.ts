import { fail } from '../errors.ts';
import type { LedgerModule } from '../module.ts';
import type { Operation } from '../operation.ts';
import { guard } from '../state/guard.ts';
import type { RulesOptions } from '../state/rules.ts';

/**
 * Whether an attachment is the one that its operation commits to. The operation was executed by some version of its
 * module; which one, a snapshot does not say, so the newest that takes it decides.
 * @throws AppError attachment_unwanted, or why the oldest version refuses it
 */
export function createAttachmentCheck(modules: RulesOptions['modules']): (operation: Operation) => void {
  const versions = modules instanceof Map ? [...modules.values()].reverse() : [modules];
  const all = versions.flat() as readonly LedgerModule[];
  return (operation) => {
    let refusal: unknown = fail('attachment_unwanted');
    for (const module of all) {
      if (module.name !== operation.payload.module || !module.checkAttachment) continue;
      try {
        guard(module, () => module.checkStateless(operation));
        guard(module, () => module.checkAttachment?.(operation));
        return;
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  };
}
