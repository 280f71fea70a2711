import { readCometRecord } from '../../../log/comet-record.ts';
import { writeSnapshotFolder } from '../../../snapshots/snapshot-folder.ts';
import { snapshotChunks } from '../../../snapshots/take-snapshot.ts';
import { openLmdbStore } from '../../../store/lmdb-store.ts';

// Run as a child process, started by takeSnapshotAside: the store as it is at this moment, whatever is committed
// meanwhile. The engine's height is part of what it holds.
const [, , storePath = '', folder = ''] = process.argv;
const store = await openLmdbStore({ path: storePath, readOnly: true });
try {
  const height = readCometRecord(store)?.height;
  if (height === undefined) throw new Error('the store holds no height of an engine');
  writeSnapshotFolder(folder, height, snapshotChunks(store));
  process.send?.({ height });
} finally {
  await store.close();
  process.disconnect?.();
}
