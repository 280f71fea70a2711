/** The namespace at the root of the tree: the ledger itself, whose members the registry lists. */
export const MAIN_CHANNEL = 'main';

/** Levels below `main`. */
const MAX_CHANNEL_DEPTH = 4;

/** Fits the `ns` of an operation (specs/ledger.md §1). */
const MAX_NAME = 64;
const SEGMENT = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Whether a channel below `main` can have this name: segments joined by `/`, the first not `main`. */
export function isChannelName(text: string): boolean {
  const segments = text.split('/');
  return (
    text.length <= MAX_NAME &&
    segments.length <= MAX_CHANNEL_DEPTH &&
    segments[0] !== MAIN_CHANNEL &&
    segments.every((segment) => SEGMENT.test(segment))
  );
}

/** The tree stands in the names: `gd/sz` is below `gd`, which is below `main`. */
export function parentOf(channel: string): string {
  const end = channel.lastIndexOf('/');
  return end < 0 ? MAIN_CHANNEL : channel.slice(0, end);
}

/** The channel and all above it but `main`, itself first. */
export function pathOf(channel: string): readonly string[] {
  const path = [];
  for (let at = channel; at !== MAIN_CHANNEL; at = parentOf(at)) path.push(at);
  return path;
}
