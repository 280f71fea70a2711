import { type Bytes, type CborValue, concatBytes, decodeCbor, encodeCbor } from '@attestel/core';
import { decodeOperation, encodeOperation, type Operation } from '@attestel/ledger';

/** A block as it was handed to the state machine, refused operations too, and what came of it. */
export interface RecordedBlock {
  readonly timeMs: number;
  readonly operations: readonly Operation[];
  /** Index in the log, or null where refused, per operation. */
  readonly outcomes: readonly (number | null)[];
  readonly appHash: Bytes;
}

/** u32 length and CBOR, block after block. */
export function encodeRecording(blocks: readonly RecordedBlock[]): Bytes {
  return concatBytes(
    ...blocks.flatMap(({ timeMs, operations, outcomes, appHash }) => {
      const bytes = encodeCbor([timeMs, operations.map(encodeOperation), [...outcomes], appHash]);
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.length);
      return [length, bytes];
    }),
  );
}

export function* decodeRecording(bytes: Bytes): Iterable<RecordedBlock> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at);
    const block = decodeCbor(bytes.subarray(at + 4, at + 4 + length)) as readonly CborValue[];
    const [timeMs, operations, outcomes, appHash] = block;
    yield {
      timeMs: timeMs as number,
      operations: (operations as readonly Bytes[]).map((encoded) => decodeOperation(new Uint8Array(encoded))),
      outcomes: outcomes as readonly (number | null)[],
      appHash: appHash as Bytes,
    };
    at += 4 + length;
  }
}
