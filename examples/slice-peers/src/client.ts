import { isAppError } from '@attestel/core';
import { openPeers, setting } from './peers.ts';

/** Connects with a network function of another operator, and stays for as long as it is let. */
const { peers, stop } = await openPeers();
try {
  const { socket, peer } = await peers.connect({
    ...{ host: '127.0.0.1', port: Number(setting('PORT')), hostname: setting('PEER') },
  });
  socket
    .on('error', () => {})
    .on('data', (data) => console.log(`heard ${String(data).trim()}`))
    .once('close', () => {
      console.log('closed');
      void stop();
    });
  console.log(`connected ${peer.facts.dnsNames[0]} (trust list version ${peer.trustVersion})`);
} catch (error) {
  if (!isAppError(error)) throw error;
  console.log(`refused ${error.code}: ${error.message}`);
  await stop();
}
