import type { Command } from '../command.ts';
import { BRIDGE, DATA, NODE } from './options.ts';

const AS = { as: { type: 'string', help: 'member that vouches for the app (default platform)' } } as const;

export const appRegister: Command = {
  name: 'app register',
  summary: 'Register an app that may sign people in, and print its five lines of configuration',
  options: {
    ...DATA,
    ...NODE,
    ...BRIDGE,
    ...AS,
    id: { type: 'string', help: 'client id: lower-case letters, digits, hyphens' },
    name: { type: 'string', help: 'name people see, English' },
    'name-zh': { type: 'string', help: 'name people see, Chinese (default: the English one)' },
    purpose: { type: 'string', help: 'why it asks, one sentence, English' },
    'purpose-zh': { type: 'string', help: 'the same in Chinese (default: the English one)' },
    'redirect-uri': { type: 'string', multiple: true, help: 'exact redirect URI; may be given again' },
    'logout-uri': {
      type: 'string',
      multiple: true,
      help: 'where people return after signing out; may be given again',
    },
    claim: {
      type: 'string',
      multiple: true,
      help: 'claim it may ask for, such as phone_number; may be given again',
    },
    public: { type: 'boolean', help: 'no client secret (single-page and native apps, PKCE)' },
  },
  load: () => import('../app/register-app.ts'),
};

export const appSecret: Command = {
  name: 'app secret',
  summary: 'Print the client secret of an app you vouch for',
  positionals: ['CLIENT_ID'],
  options: { ...DATA, ...BRIDGE, ...AS },
  load: () => import('../app/read-app-secret.ts'),
};
