import { openPeers } from './peers.ts';

/** A network function that greets its peers by name. */
const { peers } = await openPeers();
const { port } = await peers.listen({ host: '127.0.0.1', port: 0 }, ({ socket, peer }) => {
  const [name = 'nobody'] = peer.facts.dnsNames;
  console.log(`serving ${name}`);
  socket.on('error', () => {}).write(`hello ${name}\n`);
});
console.log(`listening ${port}`);
