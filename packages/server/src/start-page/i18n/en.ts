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
  scenarios: 'What operators share',
  scenariosText:
    'Three scenarios run on the same ledger. A solid box is a party with a node of its own, a dashed one acts through that node; the bar below is the channel that they share.',
  scenariosPreparing: 'being prepared: reload in a moment',
  scenariosReady: 'ready',
  scenariosFailed: 'not prepared; the log says why, the next start tries again',
  parties: 'Parties and their nodes',
  channels: 'Channels',
  tryIt: 'Go through it step by step:',
  device: 'Equipment and inspections',
  deviceText:
    'Each province keeps its devices in a channel of its own below the group’s. Inspectors prove that they were there; the group sees the same figures as the provinces.',
  roaming: 'Roaming between operators',
  roamingText:
    'Sheets, tariffs, usage and statements in a channel of the operators. Lines of tariffs and statements name nobody: only the two know.',
  data: 'Data and consents',
  dataText:
    'An operator offers data, a bank asks for it, and a subscriber’s consent decides, until it is taken back.',
  staff: 'Staff and inspectors',
  staffText:
    'What they share, as the people of each party see it. A button makes a link that signs in once, and opens it; on a network, where the page must not do that, the command does.',
  staffCommands:
    'What they share, as the people of each party see it. Each command prints a link that signs in once.',
  console: 'Console of {name}',
  inspection: 'Inspector’s phone: {name}',
  tagText: 'An inspector scans the tag of a device. Here it is a link to the same page:',
  tag: 'tag of station GD-0001',
  wallet: 'Open your wallet',
  connect: 'Connect your own app',
  connectText: 'Any OpenID Connect library works from this issuer:',
  language: '中文',
} as const;

export type StartPageTexts = { readonly [Key in keyof typeof en]: string };
