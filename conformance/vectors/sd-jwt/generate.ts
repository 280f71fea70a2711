import { writeFileSync } from 'node:fs';
import { KEYS, publicJwk } from './build.ts';
import { ACCEPT_CASES } from './cases-accept.ts';
import { CLAIM_CASES } from './cases-claims.ts';
import { DISCLOSURE_CASES } from './cases-disclosure.ts';
import { FORM_CASES } from './cases-form.ts';
import { PARAMETERS } from './draft.ts';

// Writes the two files beside it. Run by hand after a change: `node --conditions=source generate.ts`.

const { vct, ...rest } = PARAMETERS;
const parameters = { ...rest, vcts: [vct], issuerJwk: publicJwk(KEYS.issuer) };
const source = 'RFC 9901 and draft-ietf-oauth-sd-jwt-vc; tokens made with node:crypto by generate.ts';
const write = (name: string, content: object): void =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, undefined, 1)}\n`);

write('reject.json', { source, parameters, reject: [...FORM_CASES, ...DISCLOSURE_CASES, ...CLAIM_CASES] });
write('accept.json', { source, parameters, accept: ACCEPT_CASES });
