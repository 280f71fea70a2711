interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(): string },
  ): { createScriptURL(input: string): string };
}

const WORKER = '/installer/worker.js';

/** Lets the page open without a network. Where browsers forbid that, everything else works. */
export async function keepPage(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const rules = { createScriptURL: () => WORKER };
  const url = trustedTypes?.createPolicy('installer', rules).createScriptURL('') ?? WORKER;
  await navigator.serviceWorker.register(url, { scope: '/installer' }).catch(() => undefined);
}
