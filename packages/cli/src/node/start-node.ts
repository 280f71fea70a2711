import { type MemberNode, type NodeConfig, startMemberNode } from '@attestel/server';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodePassphrase, readNodeConfig } from './node-config.ts';

export const run: Run = async ({ values, progress }) => {
  const config = await readNodeConfig(values);
  assertDriver(config, values);
  progress('opening keys and ledger …');
  const member = await startMemberNode(config, { passphrase: nodePassphrase(), progress });
  stopOnSignal(member);
  const { height, size } = member.ledger.head();
  console.log(
    `\n${config.name.en} is up at ${member.node.origin}: ${height} blocks, ${size} entries executed.`,
  );
  console.log(`${orderOf(config)} Ctrl-C stops; data stays.\n`);
  return undefined;
};

const DRIVERS = ['cometbft', 'follow', 'solo'] as const;

/** Says at the start what a wrong file would show much later. @throws option_invalid */
function assertDriver({ ledger }: NodeConfig, { driver }: CommandInput['values']): void {
  if (driver === undefined) return;
  const section = DRIVERS.find((name) => name === driver);
  if (!section) throw fail('option_invalid', { field: `--driver (one of ${DRIVERS.join(', ')})` });
  if (!ledger?.[section])
    throw fail('option_invalid', { field: `--driver: the file has no ledger.${section}` });
}

function orderOf({ ledger }: NodeConfig): string {
  if (ledger?.follow) return `Follows ${ledger.follow.url}.`;
  if (ledger?.solo) return `Orders the ledger alone; cosigners: ${ledger.solo.peers.join(', ') || 'none'}.`;
  return `Validator; the others: ${ledger?.cometbft?.peers.map(({ url }) => url).join(', ') || 'none'}.`;
}

function stopOnSignal(member: MemberNode): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await member.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
