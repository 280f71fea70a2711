import { writeFileSync } from 'node:fs';
import { PROOF_FILES } from './proof-files.ts';

// Writes the vectors of proofs, trie and receipts. Run by hand after a change:
// `node --conditions=source generate-proofs.ts`.

for (const [name, content] of PROOF_FILES) writeFileSync(new URL(name, import.meta.url), content);
