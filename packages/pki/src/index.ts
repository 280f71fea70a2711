export { errors as pkiErrors, type PkiErrorCode } from './errors.ts';
export { createPkiModule, type PkiModule } from './module/create-pki-module.ts';
export { pkiModule } from './pki-module.ts';
