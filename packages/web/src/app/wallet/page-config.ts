/** `/config.json` as this page uses it. */
export interface PageConfig {
  readonly endpoint: string;
  readonly operators: readonly { readonly did: string; readonly addUrl: string }[];
  /** Whose cosignatures count; it came with the wallet itself, and the node is held to it. */
  readonly policy?: string;
}

/** Reads the configuration of this wallet's own server. @throws TypeError in any other form */
export async function loadConfig(): Promise<PageConfig> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new TypeError('config.json: not served');
  return parseConfig(await response.json());
}

export function parseConfig(value: unknown): PageConfig {
  const { endpoint, operators, policy } = (value ?? {}) as {
    endpoint?: unknown;
    operators?: unknown;
    policy?: unknown;
  };
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint) || !Array.isArray(operators)) {
    throw new TypeError('config.json: endpoint and operators expected');
  }
  // Anything but a text must not pass for "no policy".
  if (policy !== undefined && typeof policy !== 'string')
    throw new TypeError('config.json: policy is no text');
  return {
    endpoint,
    operators: operators.filter(isOperator).map(({ did, addUrl }) => ({ did, addUrl })),
    ...(policy === undefined ? {} : { policy }),
  };
}

function isOperator(value: unknown): value is { did: string; addUrl: string } {
  const { did, addUrl } = (value ?? {}) as { did?: unknown; addUrl?: unknown };
  return (
    typeof did === 'string' && typeof addUrl === 'string' && /^https?:/.test(addUrl) && URL.canParse(addUrl)
  );
}
