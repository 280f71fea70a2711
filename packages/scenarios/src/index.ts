export { errors as scenarioErrors, type ScenarioErrorCode } from './errors.ts';
export {
  type AgreementOf,
  type AgreementState,
  agreement,
  type Body,
  type Signature,
} from './kinds/agreement.ts';
export { agreedAt } from './kinds/agreement-queries.ts';
export type { Common, Declaration, Own, Rule } from './kinds/declaration.ts';
export { counts, type Effect, effectOf, inForce } from './kinds/effect.ts';
export { instantOf, instantText } from './module/instant.ts';
export type {
  Begins,
  Command,
  CommandRequest,
  Context,
  Gives,
  Grant,
  JsonObject,
  JsonSchema,
  Module,
  ModuleEvent,
  ObjectName,
  Query,
  Reader,
  Recorded,
  Row,
  Text,
  Trust,
} from './module/module.ts';
export {
  ERASED,
  EVERYONE,
} from './module/module.ts';
export { type CommandRun, commandOf, type Outcome, runCommand } from './module/run-command.ts';
export { type Validate, validatorOf } from './module/schemas.ts';
