import { Failure, type FailureKind } from './failure.ts';
import { shellCommand } from './shell-command.ts';

/** The kinds of entities that users create by name. Each has a noun of the command line. */
type Kind = 'User' | 'Group' | 'Policy' | 'Role';

export function notFoundFailure(kind: Kind, name: string): Failure {
  const noun = kind.toLowerCase();
  const details = { Field: `${kind}Name`, Hint: `ramctl ${noun} list` };
  return new Failure('missing', `EntityNotExist.${kind}`, `the ${noun} ${name} does not exist`, details);
}

/** Returns an error about the user whom the request names. */
export function userFailure(kind: FailureKind, code: string, message: string, Hint: string): Failure {
  return new Failure(kind, code, message, { Field: 'UserName', Hint });
}

/**
 * `taken`: the entity's name if it exists. `Field`: the parameter that the error names.
 * @throws Failure `refused` EntityAlreadyExists.*
 */
export function assertNameAvailable(kind: Kind, taken: string | undefined, Field = `${kind}Name`): void {
  if (taken === undefined) return;
  const noun = kind.toLowerCase();
  const Hint = shellCommand`ramctl ${noun} get ${taken}`;
  throw new Failure('refused', `EntityAlreadyExists.${kind}`, `the ${noun} ${taken} already exists`, { Field, Hint });
}

/** @throws Failure `refused` LimitExceeded.* */
export function assertBelowQuota(count: number, quota: number, entity: string, plural: string): void {
  if (count < quota) return;
  throw new Failure('refused', `LimitExceeded.${entity}`, `an account can have at most ${quota} ${plural}`);
}

/** `dependents`: for each kind whether the entity has one. @throws Failure `refused` DeleteConflict.* */
export function assertNoDependents(kind: Kind, name: string, dependents: Record<string, boolean>): void {
  const [dependent] = Object.entries(dependents).find(([, exists]) => exists) ?? [];
  if (dependent === undefined) return;
  const message = `${name} cannot be deleted because of a dependent ${dependent}`;
  throw new Failure('refused', `DeleteConflict.${kind}.${dependent}`, message);
}
