// Preloaded into the demo apps: their standard input is a pipe from `attestel up`, which the system
// closes even when that process is killed, so that no app outlives it and keeps its port.
process.stdin.resume();
process.stdin.once('end', () => process.exit(0));
process.stdin.once('error', () => process.exit(0));
