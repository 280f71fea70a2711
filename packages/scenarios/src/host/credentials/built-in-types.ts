import { DID, list, shape, text } from '../../module/shapes.ts';
import type { CredentialTypes } from '../ports.ts';

/** Lets somebody act for the party that issued it, in the modules that it lists. */
export const AGENT = 'Agent';

/** Lets an organisation read what a channel's parties keep; each read of it leaves a record. */
export const AUDITOR = 'Auditor';

/** Types that no module has to declare. */
export const BUILT_IN_TYPES: CredentialTypes = {
  [AGENT]: {
    schema: shape({ principal: DID, modules: list(text(128), 64, 1) }),
    trust: { by: 'claim', claim: 'principal' },
  },
  [AUDITOR]: { schema: shape({ channel: text(64) }), trust: { by: 'governor' } },
};
