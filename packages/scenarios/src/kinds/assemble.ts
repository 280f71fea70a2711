import {
  type Command,
  type CommandRequest,
  ERASED,
  EVERYONE,
  type Module,
  type Query,
  type Recorded,
} from '../module/module.ts';
import { type Common, type Declaration, type Kind, partiesOf, UNKNOWN } from './declaration.ts';
import { listing } from './listing-query.ts';

/** A module of a kind with the knobs of its declaration. @throws TypeError for a knob of a command that is not there */
export function assemble<S extends Common>(declaration: Declaration<S>, kind: Kind<S>): Module<S> {
  const { own } = declaration;
  const declared = { ...kind.commands, ...own?.commands };
  assertKnobs(declaration, declared);
  assertFound(declaration, { ...kind.indexes, ...declaration.indexes });
  const commands = Object.fromEntries(
    Object.entries(declared).map(([name, command]) => [name, withKnobs(command, declaration, name)]),
  );
  return {
    name: declaration.name,
    version: declaration.version,
    summary: declaration.summary,
    execution: declaration.execution ?? ['private'],
    ...(declaration.blind === undefined ? {} : { blind: declaration.blind }),
    commands,
    events: { ...kind.events, ...own?.events },
    queries: { objects: listing as unknown as Query<S, never>, ...kind.queries, ...declaration.queries },
    indexes: { ...kind.indexes, ...declaration.indexes },
    credentials: declaration.credentials ?? {},
    gives: declaration.gives ?? [],
    evolve: (state, event) => {
      const before = state ?? kind.unknown(event);
      if (event.type === ERASED) return { ...before, changed: event.time, erased: before.erased + 1 };
      const isOwn = own !== undefined && Object.hasOwn(own.events, event.type);
      const after = isOwn ? own.evolve(before, event) : kind.evolve(before, event);
      const parties = after.status === UNKNOWN ? partiesSeen(before, event) : after.parties;
      return { ...after, parties, changed: event.time };
    },
    visible: (state, reader) =>
      state.parties.includes(reader.party) ||
      state.parties.includes(EVERYONE) ||
      reader.roles.includes('regulator') ||
      reader.holds('Auditor', { channel: reader.channel }) !== undefined ||
      declaration.readers?.(state, reader) === true,
    ...(declaration.view === undefined ? {} : { view: declaration.view }),
    ...(declaration.subjectOf === undefined ? {} : { subjectOf: declaration.subjectOf }),
    ...(declaration.about === undefined ? {} : { about: declaration.about }),
    movers: (state) => kind.movers(state),
  };
}

// The payload that named them is gone; those that later ones name are what is left.
const partiesSeen = ({ parties }: Common, event: Recorded): readonly string[] =>
  partiesOf(...parties, event.party, ...event.parties);

function assertKnobs<S extends Common>(
  { name, may, checks, reads, delegates, own }: Declaration<S>,
  commands: object,
): void {
  const named = [may, checks, reads, delegates].flatMap((knob) => Object.keys(knob ?? {}));
  const missing = named.find((command) => !Object.hasOwn(commands, command));
  if (missing !== undefined) throw new TypeError(`${name}: no command ${missing}`);
  if (own && Object.hasOwn(own.events, ERASED)) throw new TypeError(`${name}: event ${ERASED} is the host's`);
}

/** Whoever is asked about a person looks nothing through. */
function assertFound<S extends Common>({ name, subjectOf, about }: Declaration<S>, indexes: object): void {
  const isFound = about !== undefined && Object.hasOwn(indexes, about.index);
  if (isFound !== (subjectOf !== undefined)) throw new TypeError(`${name}: subjectOf without its index`);
}

function withKnobs<S extends Common>(
  command: Command<S, never>,
  { may, checks, reads, delegates }: Declaration<S>,
  name: string,
): Command<S, never> {
  const further = reads?.[name];
  const persons = [...(command.delegates ?? []), ...(delegates?.[name] ?? [])];
  type Request = CommandRequest<S, never>;
  return {
    ...command,
    ...(persons.length === 0 ? {} : { delegates: persons }),
    ...(further === undefined
      ? {}
      : {
          reads: (request: Pick<Request, 'state' | 'data'>) => [
            ...(command.reads?.(request) ?? []),
            ...further(request),
          ],
        }),
    allow: (request) => command.allow(request) && may?.[name]?.(request) !== false,
    decide: (request) => {
      checks?.[name]?.(request);
      return command.decide(request);
    },
  };
}
