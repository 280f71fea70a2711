import { writeFileSync } from 'node:fs';
import { ACCEPT_CASES, PARAMETERS, REJECT_CASES } from './cases.ts';

// Writes the two files beside it. Run by hand after a change: `node --conditions=source generate.ts`.

const source = 'VCDM 2.0 and VC-JOSE-COSE; tokens made with node:crypto by generate.ts';
const write = (name: string, content: object): void =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, undefined, 1)}\n`);

write('accept.json', { source, parameters: PARAMETERS, accept: ACCEPT_CASES });
write('reject.json', { source, parameters: PARAMETERS, reject: REJECT_CASES });
