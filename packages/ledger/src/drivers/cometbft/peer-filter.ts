const PATH = /^\/p2p\/filter\/(addr|id)\/(.+)$/;

/**
 * Answers what an engine with `filter_peers` asks about each connection, in either direction: about the address before
 * anything is known of the other side, and about its node id when it has proven to have that key (CometBFT, node/setup.go).
 * Only the id decides. Whoever is let in reads all blocks and snapshots, and the read guard of the HTTP interface with
 * them: so it is only who the operator named.
 */
export function isAdmittedPeer(peers: readonly string[], path: string): boolean {
  const [, kind, subject = ''] = PATH.exec(path) ?? [];
  return kind === 'addr' || (kind === 'id' && peers.includes(subject));
}
