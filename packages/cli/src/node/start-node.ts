import { type MemberNode, startMemberNode } from '@attestel/server';
import type { Run } from '../command.ts';
import { nodePassphrase, readNodeConfig } from './node-config.ts';

export const run: Run = async ({ values, progress }) => {
  const config = await readNodeConfig(values);
  progress('opening keys and ledger …');
  const member = await startMemberNode(config, { passphrase: nodePassphrase() });
  stopOnSignal(member);
  const { height, size } = member.ledger.head();
  console.log(
    `\n${config.name.en} is up at ${member.node.origin}: ${height} blocks, ${size} entries executed.`,
  );
  console.log(`Follows ${config.ledger?.follow.url}. Ctrl-C stops; data stays.\n`);
  return undefined;
};

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
