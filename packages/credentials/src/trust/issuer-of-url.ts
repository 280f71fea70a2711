import type { Issuer, Registry } from '@attestel/registry';

/**
 * The issuer under whose URL something stands. Where one issuer's URL lies inside another's, the
 * longer one owns it.
 */
export function issuerOfUrl(registry: Pick<Registry, 'issuers'>, url: string): Issuer | undefined {
  let owner: Issuer | undefined;
  for (const issuer of registry.issuers()) {
    if (!isUnder(url, issuer.issuerUrl)) continue;
    if (owner === undefined || issuer.issuerUrl.length > owner.issuerUrl.length) owner = issuer;
  }
  return owner;
}

/** Plain text comparison on purpose: a URL that needs normalising to match is not the registered one. */
function isUnder(url: string, base: string): boolean {
  const prefix = base.endsWith('/') ? base : `${base}/`;
  if (!url.startsWith(prefix)) return false;
  // `..`, encoded or not, would step out of the prefix once the URL is fetched.
  return URL.parse(url)?.href === url;
}
