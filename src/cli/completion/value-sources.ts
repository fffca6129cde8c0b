import type { Argument, Option } from 'commander';
import type { Directory } from '../../core/directory.ts';
import type { RamctlCommand } from '../command.ts';
import type { CursorContext } from './cursor-context.ts';

/** A word that may stand at the cursor, and what it is. */
export type Candidate = readonly [value: string, about: string | null];

type ValueLookup = (directory: Directory, position: CursorContext) => Promise<Candidate[]>;

/** Where values come from: the directory, or the shell, which knows its files (of a sink: behind `file:`). */
export type ValueSource = ValueLookup | 'file' | 'sink';

const findUserNames: ValueLookup = async (directory) =>
  (await directory.listUsers()).map(({ UserName, DisplayName }) => [UserName, DisplayName]);

const findPrincipalNames: ValueLookup = async (directory) =>
  (await directory.listUsers()).map(({ UserPrincipalName, DisplayName }) => [UserPrincipalName, DisplayName]);

const findGroupNames: ValueLookup = async (directory) =>
  (await directory.listGroups()).map(({ GroupName, Comments }) => [GroupName, Comments]);

const findPolicyNames: ValueLookup = async (directory) =>
  (await directory.listPolicies({})).map(({ PolicyName, Description }) => [PolicyName, Description]);

/** Those of the user who was named before. */
const findAccessKeyIds: ValueLookup = async (directory, { command, args }) => {
  const UserName = args[command.registeredArguments.findIndex((argument) => argument.name() === 'user')];
  if (UserName === undefined) return [];
  return (await directory.listAccessKeys({ UserName })).map(({ AccessKeyId, Status }) => [AccessKeyId, Status]);
};

/** By what stands between the brackets of an argument or an option. */
const VALUE_SOURCES: Record<string, ValueSource | undefined> = {
  user: findUserNames,
  'user-principal-name': findPrincipalNames,
  group: findGroupNames,
  policy: findPolicyNames,
  id: findAccessKeyIds,
  file: 'file',
  path: 'file',
  target: 'file',
  sink: 'sink',
};

/** `<name>` is a name of the noun's, except of what is yet to be created. */
export function findArgumentSource(argument: Argument, command: RamctlCommand): ValueSource | undefined {
  if (argument.name() !== 'name') return VALUE_SOURCES[argument.name()];
  return command.name() === 'create' ? undefined : VALUE_SOURCES[command.parent?.name() ?? ''];
}

/** `--user`, `--group` and `--policy` say it by themselves, others by their `<path>`. */
export function findOptionSource(option: Option): ValueSource | undefined {
  const [, placeholder = ''] = /<(.+)>/.exec(option.flags) ?? [];
  return VALUE_SOURCES[option.name()] ?? VALUE_SOURCES[placeholder];
}
