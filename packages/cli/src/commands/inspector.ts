import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

export const inspectorInvite: Command = {
  name: 'inspector invite',
  summary:
    'Appoint an inspector: a link and QR code that pair one phone with the party’s node, once, for 15 minutes',
  options: {
    ...DATA,
    ...NODE,
    as: { type: 'string', help: 'party of the data folder that appoints' },
    name: { type: 'string', help: 'name of the inspector; stays at the party’s node' },
    province: { type: 'string', help: 'code of the province whose devices are inspected, such as GD' },
    city: {
      type: 'string',
      help: 'put only this city’s devices onto the phone (default: all of the province)',
    },
    until: {
      type: 'string',
      help: 'end of the appointment, such as 2027-11-22T08:00:00Z (default: in a year)',
    },
    shift: { type: 'string', help: 'working hours in the phone’s local time (default 08:00-18:00)' },
  },
  load: () => import('../inspector/invite-inspector.ts'),
};
