/** The other side of the socket breaks the protocol. Its message goes into the log and to the engine. */
export class AbciProtocolError extends Error {
  override readonly name = 'AbciProtocolError';
}
