import { type Bytes, fromUtf8, type StoreReader, type StoreWriter, type Table, utf8 } from '@attestel/core';

/**
 * A store table whose values are JSON of one type. Only this package writes the table, so what comes
 * out is trusted to have the type that went in.
 */
export interface JsonTable<Value> {
  readonly name: Table;
  get(reader: StoreReader, key: Bytes): Value | undefined;
  put(writer: StoreWriter, key: Bytes, value: Value): void;
  delete(writer: StoreWriter, key: Bytes): void;
  range(reader: StoreReader, range?: Parameters<StoreReader['range']>[1]): Iterable<readonly [Bytes, Value]>;
}

export function jsonTable<Value>(name: Table): JsonTable<Value> {
  const parse = (bytes: Bytes): Value => JSON.parse(fromUtf8(bytes)) as Value;
  return {
    name,
    get(reader, key) {
      const bytes = reader.get(name, key);
      return bytes === undefined ? undefined : parse(bytes);
    },
    put: (writer, key, value) => writer.put(name, key, utf8(JSON.stringify(value))),
    delete: (writer, key) => writer.delete(name, key),
    *range(reader, range) {
      for (const [key, value] of reader.range(name, range)) yield [key, parse(value)] as const;
    },
  };
}
