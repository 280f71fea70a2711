import { formatPolicy } from '@attestel/proof';
import { CONSISTENCY_CASES, INCLUSION_CASES } from './cases-log.ts';
import { CACHED_NOTE, RECEIPT_CASES, TLOG_PROOF_CASES } from './cases-receipt.ts';
import { TRIE_PATH_CASES, TRIE_ROOT_CASES } from './cases-trie.ts';
import { POLICY } from './network.ts';

// What each case must lead to stands in the cases, by hand. In receipt.json, `cached` (true unless said) = the
// checkpoint of `note` is at hand; `subject` = what was asked for.

const policy = formatPolicy(POLICY);
const FILES = {
  'inclusion.json': { source: 'RFC 9162 §2.1.3.2 and specs/ledger.md §8', cases: INCLUSION_CASES },
  'consistency.json': { source: 'RFC 9162 §2.1.4.2 and specs/ledger.md §8', cases: CONSISTENCY_CASES },
  'trie-root.json': { source: 'specs/ledger.md §9', cases: TRIE_ROOT_CASES },
  'trie-path.json': { source: 'specs/ledger.md §9', cases: TRIE_PATH_CASES },
  'receipt.json': { source: 'specs/ledger.md §10', policy, note: CACHED_NOTE, cases: RECEIPT_CASES },
  'tlog-proof.json': { source: 'C2SP tlog-proof and specs/ledger.md §11', policy, cases: TLOG_PROOF_CASES },
};

/** File name → exact content, the same each time. */
export const PROOF_FILES: ReadonlyMap<string, string> = new Map(
  Object.entries(FILES).map(([name, content]) => [name, `${JSON.stringify(content, undefined, 1)}\n`]),
);
