const works = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let installed = false;

/** Does work when this process ends, by itself or by a signal that it can hear. Returns what takes that back. */
export function atExit(work: () => void): () => void {
  if (!installed) install();
  works.add(work);
  return () => void works.delete(work);
}

function install(): void {
  installed = true;
  process.on('exit', () => {
    for (const work of works) work();
  });
  // A signal alone ends a process without its handlers of 'exit'.
  for (const signal of SIGNALS) process.on(signal, () => process.exit(1));
}
