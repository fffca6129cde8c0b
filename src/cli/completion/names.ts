import type { Argument, Option } from 'commander';
import type { Directory } from '../../core/directory.ts';
import type { RamctlCommand } from '../command.ts';
import type { Position } from './position.ts';

/** A word that may stand at the cursor, and what it is. */
export type Candidate = readonly [value: string, about: string | null];

type Names = (directory: Directory, position: Position) => Promise<Candidate[]>;

/** Where values come from: the directory, or the shell, which knows its files (of a sink: behind `file:`). */
export type Source = Names | 'file' | 'sink';

const users: Names = async (directory) =>
  (await directory.listUsers()).map(({ UserName, DisplayName }) => [UserName, DisplayName]);

const principals: Names = async (directory) =>
  (await directory.listUsers()).map(({ UserPrincipalName, DisplayName }) => [UserPrincipalName, DisplayName]);

const groups: Names = async (directory) =>
  (await directory.listGroups()).map(({ GroupName, Comments }) => [GroupName, Comments]);

const policies: Names = async (directory) =>
  (await directory.listPolicies({})).map(({ PolicyName, Description }) => [PolicyName, Description]);

/** Those of the user who was named before. */
const accessKeys: Names = async (directory, { command, words }) => {
  const UserName = words[command.registeredArguments.findIndex((argument) => argument.name() === 'user')];
  if (UserName === undefined) return [];
  return (await directory.listAccessKeys({ UserName })).map(({ AccessKeyId, Status }) => [AccessKeyId, Status]);
};

/** By what stands between the brackets of an argument or an option. */
const SOURCES: Record<string, Source | undefined> = {
  user: users,
  'user-principal-name': principals,
  group: groups,
  policy: policies,
  id: accessKeys,
  file: 'file',
  path: 'file',
  target: 'file',
  sink: 'sink',
};

/** `<name>` is a name of the noun's, except of what is yet to be created. */
export function sourceForArgument(argument: Argument, command: RamctlCommand): Source | undefined {
  if (argument.name() !== 'name') return SOURCES[argument.name()];
  return command.name() === 'create' ? undefined : SOURCES[command.parent?.name() ?? ''];
}

/** `--user`, `--group` and `--policy` say it by themselves, others by their `<path>`. */
export function sourceForOption(option: Option): Source | undefined {
  const [, placeholder = ''] = /<(.+)>/.exec(option.flags) ?? [];
  return SOURCES[option.name()] ?? SOURCES[placeholder];
}
