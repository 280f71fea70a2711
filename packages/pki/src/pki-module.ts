import { assessAhead } from './module/assess-ahead.ts';
import { createPkiModule, type PkiModule } from './module/create-pki-module.ts';
import { x509Rules } from './module/x509-rules.ts';
import { sha256 } from './sha256.ts';

/** Module `pki` as a node registers it. */
export const pkiModule: PkiModule = createPkiModule({ sha256, certificates: x509Rules }, assessAhead);
