export const en = {
  title: 'Attestel: sign in with your number',
  lead: 'A consortium of fictional operators runs on this machine. Nothing here leaves it.',
  step1: 'Get a phone card',
  step1Text:
    'Choose an operator. Its page plays the network that recognises your line, and offers a card to your wallet.',
  step2: 'Sign in to an app',
  step2Text: 'Each app sees another pseudonym of you, and your number only if you agree.',
  step3: 'Try what goes wrong',
  step3Text:
    'On the operator’s page, suspend the line or swap its SIM; within {seconds} s the card stops working.',
  wallet: 'Open your wallet',
  connect: 'Connect your own app',
  connectText: 'Any OpenID Connect library works from this issuer:',
  language: '中文',
} as const;

export type StartPageTexts = { readonly [Key in keyof typeof en]: string };
