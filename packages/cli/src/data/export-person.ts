import { personRun } from './take-person.ts';

export const run = personRun('export');
