export { type Certificate, parseCertificate, parseCertificate as parseLeaf } from './certificate.ts';
export { createRootCertificate, type RootRequest } from './create-root.ts';
export { errors as x509Errors } from './errors.ts';
export { type Extensions, KEY_USAGE } from './extensions.ts';
export { issueLeafCertificate, type LeafRequest } from './issue-leaf.ts';
export { verifyLeafUnder } from './verify-leaf.ts';
