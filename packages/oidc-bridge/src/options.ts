import type { Clock, Logger, Random, Store } from '@attestel/core';
import type { StatusCache } from '@attestel/credentials';
import type { Verifier } from '@attestel/openid/verifier';
import type { App, DisplayName, Registry } from '@attestel/registry';
import type { Accounts } from './accounts/accounts.ts';
import type { AttributeStore } from './accounts/attributes.ts';
import type { ConsentStore } from './consent/consent-store.ts';
import type { GrantTerms } from './consent/grant-terms.ts';
import type { BridgeKeys } from './keys/bridge-keys.ts';
import type { BridgeKeyStore } from './keys/key-port.ts';
import type { Records } from './store/records.ts';
import type { UnitOfWork } from './store/unit-of-work.ts';

export interface BridgeOptions {
  /** Issuer URL: an origin. */
  readonly url: string;
  /** Short name of this instance, in cookie names. */
  readonly instance: string;
  readonly party: { readonly did: string; readonly kid: string; readonly name: DisplayName };
  readonly keyStore: BridgeKeyStore;
  /** The store the verifier has too: both write in one transaction. */
  readonly store: Store;
  readonly registry: Registry;
  readonly verifier: Verifier;
  /** For sessions: a card suspended meanwhile ends silent sign-ins. Without it they look at nothing. */
  readonly status: Pick<StatusCache, 'status'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Origin of the wallet that the buttons lead to. */
  readonly walletUrl: string;
  /** Where consents are kept; absent: in `store`. */
  readonly consents?: ConsentStore;
  /** Version of the subject key for pairs of account and app not seen before. */
  readonly subjectVersion?: number;
}

/** What the parts of a bridge share. */
export interface BridgeContext {
  readonly options: BridgeOptions;
  readonly origin: string;
  /** Cookies may be marked Secure and carry prefixes. */
  readonly secure: boolean;
  readonly keys: BridgeKeys;
  readonly unit: UnitOfWork;
  readonly records: Records;
  readonly accounts: Accounts;
  readonly attributes: AttributeStore;
  readonly consents: ConsentStore;
  readonly grantTerms: GrantTerms;
  /** An app that may sign people in now: itself active, and vouched for by an active member. */
  activeApp(clientId: string): App | undefined;
}
