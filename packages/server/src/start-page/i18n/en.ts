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
  equipment: 'Equipment on the ledger',
  equipmentText:
    'A vendor without a CA authorised a batch of three small cells. Two operators with CAs of their own run a gateway each and two slices together. Each row is asked of the ledger now.',
  cell: 'Small cell',
  gateway: 'Security gateway',
  slice: 'Slice {label}: SMF',
  check: 'Check on site',
  certificate: 'Certificate',
  proof: 'What the ledger says',
  good: 'good',
  suspended: 'suspended',
  notGood: 'not good: {verdict}',
  wallet: 'Open your wallet',
  connect: 'Connect your own app',
  connectText: 'Any OpenID Connect library works from this issuer:',
  language: '中文',
} as const;

export type StartPageTexts = { readonly [Key in keyof typeof en]: string };
