/** Does something once, after real seconds. */
export const later = (seconds: number, work: () => void): { stop(): void } => {
  const timeout = setTimeout(work, seconds * 1000);
  return { stop: () => clearTimeout(timeout) };
};
