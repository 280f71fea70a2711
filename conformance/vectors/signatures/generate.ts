import { writeFileSync } from 'node:fs';
import { ed25519Cases } from './cases-ed25519.ts';
import { p256Cases } from './cases-p256.ts';

// Run: node --conditions=source conformance/vectors/signatures/generate.ts
export const SIGNATURE_FILES = {
  'ed25519.json': () => ({
    source: 'RFC 8032 §5.1; specs/ledger.md §1; made by conformance/vectors/signatures/generate.ts with arithmetic of its own',
    cases: ed25519Cases(),
  }),
  'p256.json': () => ({
    source: 'FIPS 186-5 §6.4; SEC 1 §2.3; specs/ledger.md §1; made by conformance/vectors/signatures/generate.ts with arithmetic of its own',
    cases: p256Cases(),
  }),
};

export const textOf = (content: object): string => `${JSON.stringify(content, null, 1)}\n`;

if (process.argv[1]?.endsWith('signatures/generate.ts')) {
  for (const [name, make] of Object.entries(SIGNATURE_FILES)) {
    writeFileSync(new URL(name, import.meta.url), textOf(make()));
  }
}
