import { writeFileSync } from 'node:fs';
import { formatPolicy } from '@attestel/proof';
import { CONSISTENCY_CASES, INCLUSION_CASES } from './cases-log.ts';
import { CACHED_NOTE, RECEIPT_CASES, TLOG_PROOF_CASES } from './cases-receipt.ts';
import { TRIE_PATH_CASES, TRIE_ROOT_CASES } from './cases-trie.ts';
import { POLICY } from './network.ts';

// Writes six of the files beside it, the same each time. Run by hand after a change:
// `node --conditions=source generate-proofs.ts`. What each case must lead to stands in the cases, by hand.
// `cached` (true unless said) = the checkpoint of `note` is at hand; `subject` = what was asked for.

const write = (name: string, content: object): void =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, undefined, 1)}\n`);

write('inclusion.json', { source: 'RFC 9162 §2.1.3.2 and specs/ledger.md §8', cases: INCLUSION_CASES });
write('consistency.json', { source: 'RFC 9162 §2.1.4.2 and specs/ledger.md §8', cases: CONSISTENCY_CASES });
write('trie-root.json', { source: 'specs/ledger.md §9', cases: TRIE_ROOT_CASES });
write('trie-path.json', { source: 'specs/ledger.md §9', cases: TRIE_PATH_CASES });
const policy = formatPolicy(POLICY);
write('receipt.json', { source: 'specs/ledger.md §10', policy, note: CACHED_NOTE, cases: RECEIPT_CASES });
write('tlog-proof.json', { source: 'C2SP tlog-proof and specs/ledger.md §11', policy, cases: TLOG_PROOF_CASES });
