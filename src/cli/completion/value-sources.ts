import type { Argument, Option } from 'commander';
import type { Directory } from '../../core/directory.ts';
import type { History } from '../../core/history.ts';
import type { RamctlCommand } from '../command.ts';
import type { CursorContext } from './cursor-context.ts';

/** A value that can be inserted at the cursor, with its description. */
export type Candidate = readonly [value: string, description: string | null];

/** What a list of values is made from. */
interface Sources {
  directory: Directory;
  history: History | undefined;
  cursor: CursorContext;
  /** The typed part of the value. Other values may be left out. */
  typed: string;
}

/** Values from the directory or its history, or a fixed list. */
export type ValueList = ((sources: Sources) => Promise<Candidate[]>) | readonly string[];

/**
 * Where the values of an argument or an option come from. The shell completes file names; in a sink, a file name follows
 * `file:`.
 */
type ValueSource = ValueList | 'file' | 'sink';

/** How many of the latest changes are offered. */
const MAX_CHANGES = 20;

/** The sources by the name of an argument, of an option, or of the placeholder for the value of an option. */
const VALUE_SOURCES: Record<string, ValueSource | undefined> = {
  user: async ({ directory, typed }) =>
    (await directory.listUsers({ NamePrefix: typed })).map((user) => [user.UserName, user.DisplayName]),
  'user-principal-name': async ({ directory }) =>
    (await directory.listUsers()).map((user) => [user.UserPrincipalName, user.DisplayName]),
  group: async ({ directory }) => (await directory.listGroups()).map((group) => [group.GroupName, group.Comments]),
  role: async ({ directory }) => (await directory.listRoles()).map((role) => [role.RoleName, role.Description]),
  policy: async ({ directory }) =>
    (await directory.listPolicies({})).map((policy) => [policy.PolicyName, policy.Description]),
  id: listKeysOfUser,
  replace: async (sources) => [['inactive', null], ...(await listKeysOfUser(sources))],
  device: async ({ directory }) => {
    const { deviceNameOf } = await import('../../core/workflows/mfa.ts');
    const unbound = (await directory.listVirtualMFADevices()).filter(({ User }) => User === null);
    return unbound.map(({ SerialNumber }) => [deviceNameOf(SerialNumber), null]);
  },
  'change-id': async ({ history }) =>
    ((await history?.list({ limit: MAX_CHANGES })) ?? []).map(({ ChangeId, Summary }) => [ChangeId, Summary]),
  status: ['Active', 'Inactive'],
  qr: ['terminal', 'none'],
  file: 'file',
  path: 'file',
  target: 'file',
  from: 'file',
  to: 'file',
  sink: 'sink',
};

/** Returns the AccessKeys of the user that the command line names before the cursor. */
async function listKeysOfUser({ directory, cursor: { command, args } }: Sources): Promise<Candidate[]> {
  const UserName = args[command.registeredArguments.findIndex((argument) => argument.name() === 'user')] ?? '';
  return (await directory.listAccessKeys({ UserName })).map((key) => [key.AccessKeyId, key.Status]);
}

/** Returns the source of an argument. `<name>` is the name of a record of the noun, but a new name in `create`. */
export function findArgumentSource(argument: Argument, command: RamctlCommand): ValueSource | undefined {
  if (argument.argChoices) return argument.argChoices;
  if (argument.name() !== 'name') return VALUE_SOURCES[argument.name()];
  return command.name() === 'create' ? undefined : VALUE_SOURCES[command.parent?.name() ?? ''];
}

/** Returns the source of an option, by its own name such as `--user` or by its placeholder such as `<path>`. */
export function findOptionSource(option: Option): ValueSource | undefined {
  const [, placeholder = ''] = /<(.+)>/.exec(option.flags) ?? [];
  return option.argChoices ?? VALUE_SOURCES[option.name()] ?? VALUE_SOURCES[placeholder];
}
