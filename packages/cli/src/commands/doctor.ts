import type { Command } from '../command.ts';
import { DATA } from './options.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check that this machine can run Attestel, and say what to do where it cannot',
  options: { ...DATA, port: { type: 'string', help: 'first port of the demo (default 4100)' } },
  load: () => import('../doctor/examine-machine.ts'),
};
