import { writeFileSync } from 'node:fs';
import { formatPolicy } from '@attestel/proof';
import { COSE_CASES } from './cases-cose.ts';
import { COSIGNED_CASES } from './cases-cosigned.ts';
import { POLICY_CASES } from './cases-policy.ts';
import { CHAIN_START, POLICY_CHAIN_CASES } from './cases-policy-chain.ts';
import { POLICY } from './network.ts';

// Writes four of the files beside it, the same each time. Run by hand after a change:
// `node --conditions=source generate-cosignatures.ts`. What each case must lead to stands in the cases, by hand.

const write = (name: string, content: object): void =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(content, undefined, 1)}\n`);

write('policy.json', { source: 'C2SP tlog-policy and specs/ledger.md §13', cases: POLICY_CASES });
write('cosigned.json', {
  source: 'C2SP tlog-cosignature and specs/ledger.md §12-§13',
  policy: formatPolicy(POLICY),
  cases: COSIGNED_CASES,
});
write('policy-chain.json', {
  source: 'specs/ledger.md §14',
  trusted: CHAIN_START,
  cases: POLICY_CHAIN_CASES,
});
write('cose.json', { source: 'RFC 9942 §5.2 and specs/ledger.md §15', cases: COSE_CASES });
