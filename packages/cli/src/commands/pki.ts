import type { Command } from '../command.ts';
import { NODE } from './options.ts';

const POLICY = {
  policy: { type: 'string', help: 'file with the policy: whose cosignatures count (C2SP tlog-policy)' },
} as const;

export const pkiCheck: Command = {
  name: 'pki check',
  summary:
    'Say whether a certificate is published and in force, by proof; else what is wrong and who can mend it',
  positionals: ['FILE'],
  options: {
    ...NODE,
    ...POLICY,
    receipt: { type: 'string', help: 'file for the proof: written, or with --offline read' },
    offline: { type: 'boolean', help: 'ask nobody: verify the proof of --receipt' },
    'max-age': {
      type: 'string',
      help: 'seconds since a quorum stood by the proof (default 300, with --offline 86400)',
    },
    at: { type: 'string', help: 'of this time, such as 2026-11-22T08:00:00Z (default: now)' },
  },
  load: () => import('../pki/check-certificate.ts'),
};

export const pkiAgent: Command = {
  name: 'pki agent',
  summary: 'Beside a security gateway: end every tunnel whose certificate is not published and in force',
  options: {
    node: { type: 'string', multiple: true, help: 'origin of a node; more of them are asked in turn' },
    ...POLICY,
    vici: { type: 'string', help: 'socket of the IKE daemon (default /run/charon.vici)' },
    'max-age': {
      type: 'string',
      help: 'seconds for which a proof counts; after that, tunnels are ended (default 60)',
    },
    every: { type: 'string', help: 'seconds between looks at all tunnels (default 10)' },
  },
  load: () => import('../pki/run-agent.ts'),
};
