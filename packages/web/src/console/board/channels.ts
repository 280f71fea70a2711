/**
 * Channels whose objects a board is made of: that of the page and those below it, of main all. Provinces, data and deals
 * have channels of their own.
 */
export const channelsBelow = (channel: string, all: readonly string[]): readonly string[] =>
  channel === 'main' ? all : all.filter((name) => name === channel || name.startsWith(`${channel}/`));
