export { errors as scenarioErrors, type ScenarioErrorCode } from './errors.ts';
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
export { type CommandRun, commandOf, type Outcome, runCommand } from './module/run-command.ts';
export { type Validate, validatorOf } from './module/schemas.ts';
