import { type FlowKey, type FlowPorts, makeFlowKey, newKeyRef } from './flow-keys.ts';

/**
 * The DPoP key that this wallet shows to one operator, made once and kept: the operator binds the line
 * to it, so that fresh copies for the same wallet are no move to new keys (specs/line-and-person.md).
 * No operator sees another's.
 */
export async function operatorKey(issuerUrl: string, ports: FlowPorts): Promise<FlowKey> {
  const { storage, keys } = ports;
  const known = await storage.get('operatorKeys', issuerUrl);
  if (known) return { ref: known.keyRef, jwk: await keys.publicJwk(known.keyRef) };
  const made = await makeFlowKey(keys, 'dpop', newKeyRef('dpop', ports.random));
  await storage.write([{ collection: 'operatorKeys', put: { id: issuerUrl, keyRef: made.ref } }]);
  return made;
}
