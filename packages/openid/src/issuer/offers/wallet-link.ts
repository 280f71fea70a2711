/** Link that opens an offer in the browser wallet; `base` is an address of the wallet to come back to. */
export function walletLink(walletUrl: string, credentialOfferUri: string, base?: string): string {
  const link = new URL(base ?? `${walletUrl}/add`);
  link.searchParams.set('credential_offer_uri', credentialOfferUri);
  return link.href;
}
