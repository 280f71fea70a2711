interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(): string },
  ): { createScriptURL(input: string): string };
}

/**
 * Lets a page open without a network, `/installer` or `/inspect`; the worker is below it, and the policy of trusted types has
 * its name. Where browsers forbid that, everything else works.
 */
export async function keepPage(page: `/${string}`): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const worker = `${page}/worker.js`;
  const rules = { createScriptURL: () => worker };
  const url = trustedTypes?.createPolicy(page.slice(1), rules).createScriptURL('') ?? worker;
  await navigator.serviceWorker.register(url, { scope: page }).catch(() => undefined);
}
