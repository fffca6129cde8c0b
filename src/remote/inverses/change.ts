import { type Blocker, isFailure } from '../../core/failure.ts';
import { shellCommand } from '../../core/shell-command.ts';
import type { RemoteOperations } from '../operations.ts';

/** Operations that change nothing, or that no remote directory supports. */
type UnrecordedName =
  | Extract<keyof RemoteOperations, `get${string}` | `list${string}`>
  | 'verifyAccessKey'
  | 'recordAccessKeyUse'
  | 'assumeRole'
  | 'importSystemPolicies';

export type ChangeName = Exclude<keyof RemoteOperations, UnrecordedName>;

/** A change that was made. */
export interface Change {
  Kind: Blocker['Kind'];
  /** What was changed, such as `LTAI5tExample of alice`. */
  Name: string;
  /** What happened to it, such as `created`. */
  Effect: string;
  /** The command that undoes the change or shows what to restore. Absent if the change cannot be undone. */
  Command?: string;
  /** Undoes the change. Absent if the change cannot be undone. */
  undo?: () => Promise<unknown>;
  isRename?: boolean;
  /** For a change that cannot be undone: returns whether it was made, for the case that its response was lost. */
  wasMade?: () => Promise<boolean>;
}

interface Prepared<Result> {
  /** Whether the state already was as the change makes it, so that a change without a response must not be undone. */
  wasSo?: boolean;
  /** Returns what was changed. `result` is undefined if the response was lost. */
  changes: (result: Result | undefined) => Change[];
}

export interface Context {
  operations: RemoteOperations;
  /** Returns whether the running transaction has created this user, group, role or policy. */
  isNew: (kind: Blocker['Kind'], name: string) => boolean;
}

type Input<Name extends ChangeName> = Parameters<RemoteOperations[Name]>[0];
type Inverse<Name extends ChangeName> = (
  context: Context,
  input: Input<Name>,
) => Promise<Prepared<Awaited<ReturnType<RemoteOperations[Name]>>>>;

/** For each change, a function that reads the earlier state if the inverse needs it, and returns the inverse. */
export type Inverses = { [Name in ChangeName]: Inverse<Name> };

export function undoable(
  Kind: Change['Kind'],
  Name: string,
  Effect: string,
  Command: string,
  undo: () => Promise<unknown>,
): Change {
  return { Kind, Name, Effect, Command, undo };
}

export function deletion(Kind: Change['Kind'], Name: string): Change {
  return { Kind, Name, Effect: 'deleted' };
}

/** Returns the inverse of a deletion, which has none. `look` reads what was deleted. */
export function final(Kind: Change['Kind'], Name: string, look: () => Promise<unknown>) {
  return { changes: () => [{ ...deletion(Kind, Name), wasMade: async () => !(await exists(look())) }] };
}

/**
 * Returns whether a lookup finds something. If it is refused or denied, it may exist: what exists already must not be
 * deleted by mistake. @throws Failure `later`, `broken`
 */
export async function exists(lookup: Promise<unknown>): Promise<boolean> {
  try {
    await lookup;
    return true;
  } catch (error) {
    if (!isFailure(error) || error.kind === 'later' || error.kind === 'broken') throw error;
    return error.kind !== 'missing';
  }
}

/** Returns the members of `before` that `input` changes. */
export function pick<T extends object>(before: T, input: object): Partial<T> {
  const isChanged = ([name]: [string, unknown]) => input[name as keyof typeof input] !== undefined;
  return Object.fromEntries(Object.entries(before).filter(isChanged)) as Partial<T>;
}

/** Returns the earlier value of each member `New…` of `input`. An absent text is empty, because that removes it. */
export function selectEarlier(input: object, before: object): Record<string, never> {
  const members = Object.entries(input).filter(([name, value]) => name.startsWith('New') && value !== undefined);
  const earlierOf = (name: string) => before[name.slice('New'.length) as keyof typeof before] ?? '';
  return Object.fromEntries(members.map(([name]) => [name, earlierOf(name) as never]));
}

/** Returns the command `edit` with options, each a name and a value. */
export function editCommand(noun: string, name: string, options: [string, string][]): string {
  const words = options.map(([option, value]) => `--${option}=${quote(value)}`);
  return ['ramctl', noun, 'edit', ...words, ...(name.startsWith('-') ? ['--'] : []), name].join(' ');
}

function quote(value: string): string {
  return /^[\w@.,:=+/-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}

/** Returns the command that gives a user, group or role its earlier name and values: the result of `selectEarlier`. */
export function restoreCommand(noun: string, name: string, earlier: object): string {
  // There is no option for a text of this length.
  if ('NewAssumeRolePolicyDocument' in earlier) return shellCommand`ramctl ${noun} get ${name}`;
  const toOption = (member: string) =>
    /^New(User|Group)Name$/.test(member)
      ? 'name'
      : member
          .slice('New'.length)
          .split(/(?=[A-Z])/)
          .join('-')
          .toLowerCase();
  return editCommand(
    noun,
    name,
    Object.entries(earlier).map(([member, value]) => [toOption(member), String(value)]),
  );
}

/** Names the members that were changed, and their earlier values. */
export function describeChange(earlier: object): string {
  const members = Object.entries(earlier).map(([name, value]) => [name.replace(/^New/, ''), value]);
  return `changed; before: ${JSON.stringify(Object.fromEntries(members))}`;
}
