import { buildNewUser, type GivenSettings } from '../../ask/new-user.ts';
import type { RamctlCommand } from '../command.ts';
import { collect } from '../option-parsers.ts';
import { addLogonOptions, type LogonOptions, readLogonSettings } from '../password.ts';
import { remarkOnFullAccess } from '../remarks.ts';
import { addSinkOptions } from '../secret-sinks.ts';
import { addTagOption, type TagOptions } from '../tags.ts';
import { usageError } from '../usage-error.ts';
import { type CreateOptions, createUsers, printExistingUser } from './create-users.ts';
import { addProfileOptions, type ProfileOptions, profileFromOptions } from './profile.ts';
import { runWizard } from './wizard.ts';

interface Options extends CreateOptions, ProfileOptions, LogonOptions, Pick<TagOptions, 'tag'> {
  console?: boolean;
  accessKey?: boolean;
  group?: string[];
  policy?: string[];
  ifNotExists?: boolean;
}

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'Create a user with logon, keys and policies', {
    'Create a user for a person, with console logon and a policy':
      'ramctl user create alice --display-name "Alice Li" --console --policy AliyunIOTReadOnlyAccess',
    'Create a user for a program, and save its AccessKey':
      'ramctl user create deployer --access-key --secret-to file:deployer.env',
    'Check a new user and create nothing': 'ramctl user create bob --console --mfa required --dry-run',
  });
  verb.describe(`Creates one user in one transaction. Refuses a name that exists, unless --if-not-exists is set.
    Prints the user, and generated secrets once. Without a name, the command asks for the settings that no option
    gives. It can create several users. The review at the end can change answers, or save the users as a file for
    user import.`);
  addProfileOptions(verb);
  verb.option('--console', 'create console logon, for people; the password is generated unless one is given');
  addLogonOptions(verb, true);
  verb.option('--access-key', 'create an AccessKey, for programs');
  verb.option('--group <name>', 'group to add the user to; can be repeated', collect);
  verb.option('--policy <name>', 'policy to attach; can be repeated', collect);
  addTagOption(verb, 'tag of the user');
  verb.option('--if-not-exists', 'print the user and create nothing if the name exists');
  verb.option('--dry-run', 'check everything and create nothing');
  addSinkOptions(verb);
  verb.createsDirectory();
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    if (!options.console) assertNoLogonOptions(verb);
    const { console: hasConsoleLogon, accessKey, group: groups, policy: policies, ifNotExists } = options;
    const user = { ...profileFromOptions(options), Tag: options.tag };
    const logon = await readLogonSettings(context, options);
    const flags: GivenSettings = { user, hasConsoleLogon, logon, accessKey, groups, policies, ifNotExists };
    if (name === undefined) {
      await runWizard(context, options, flags);
    } else if (!ifNotExists || !(await printExistingUser(context, name))) {
      const isCreated = await createUsers(context, options, [buildNewUser(name, flags)]);
      if (isCreated) await remarkOnFullAccess(context, flags);
    }
  });
}

const LOGON_FLAGS = ['--password-stdin', '--password-file', '--password-reset', '--mfa'];

function assertNoLogonOptions(verb: RamctlCommand): void {
  const isSet = (flag: string) =>
    verb.options.some((option) => option.long === flag && verb.getOptionValue(option.attributeName()) !== undefined);
  const flag = LOGON_FLAGS.find(isSet);
  if (flag) throw usageError(`${flag} needs --console`, flag, 'add --console');
}
