// Opens a filled ledger as a node does and says what that cost. A child process: its memory is its own.
import { answerParent } from '../measured-process.ts';
import { openFilled } from './filled-ledger.ts';

/** What opening cost. */
export interface Opened {
  readonly milliseconds: number;
  /** Resident memory of the process right after, bytes; pages of the store that were touched count. */
  readonly rss: number;
}

const began = performance.now();
const { ledger, close } = await openFilled(process.argv[2] ?? '');
if (ledger.head().height === 0) throw new Error('bench: the ledger is empty');
const milliseconds = performance.now() - began;
answerParent<Opened>({ milliseconds, rss: process.memoryUsage.rss() }, close);
