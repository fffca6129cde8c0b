import type { UserFlags } from '../../ask/user.ts';
import { collect, type RamctlCommand } from '../command.ts';
import {
  addLogonOptions,
  addPasswordOptions,
  isRequired,
  type LogonOptions,
  type PasswordOptions,
  readNewPassword,
} from '../password.ts';
import { addSinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';
import { type CreateOptions, createUsers, printExistingUser } from './create-users.ts';
import { addProfileOptions, type ProfileOptions, readProfile } from './profile-options.ts';
import { buildNewUser, runWizard } from './wizard.ts';

interface Options extends CreateOptions, ProfileOptions, PasswordOptions, LogonOptions {
  console?: boolean;
  accessKey?: boolean;
  group?: string[];
  policy?: string[];
  ifNotExists?: boolean;
}

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'Create a user with logon, keys and policies', [
    '# Create a person with console logon and a policy',
    'ramctl user create alice --display-name "Alice Li" --console --policy AliyunIOTReadOnlyAccess',
    '# Create a program and write its AccessKey to a file',
    'ramctl user create deployer --access-key --secret-to file:deployer.env',
    '# Check a new user and create nothing',
    'ramctl user create bob --console --mfa required --dry-run',
  ]);
  verb.description(
    'Creates one user with everything that the options name, in one transaction. Refuses a name that exists, unless ' +
      '--if-not-exists is set. Prints the user, and generated secrets once. Without a name, the command asks for ' +
      'everything that the options leave open, and can create several users.',
  );
  addProfileOptions(verb);
  verb.option('--console', 'create console logon, for people; the password is generated unless one is given');
  addLogonOptions(addPasswordOptions(verb), ' (default: required)');
  verb.option('--access-key', 'create an AccessKey, for programs');
  verb.option('--group <name>', 'group to add the user to; can be repeated', collect);
  verb.option('--policy <name>', 'policy to attach; can be repeated', collect);
  verb.option('--if-not-exists', 'print the user and create nothing if the name exists');
  verb.option('--dry-run', 'check everything and create nothing');
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    if (!options.console) assertNoLogonOptions(verb);
    const flags: UserFlags = {
      user: readProfile(options),
      hasConsoleLogon: options.console,
      logon: {
        password: await readNewPassword(context, options),
        PasswordResetRequired: isRequired(options.passwordReset),
        MFABindRequired: isRequired(options.mfa),
      },
      accessKey: options.accessKey,
      groups: options.group,
      policies: options.policy,
      ifNotExists: options.ifNotExists,
    };
    if (name === undefined) {
      await runWizard(context, options, flags);
    } else if (!options.ifNotExists || !(await printExistingUser(context, name))) {
      await createUsers(context, options, [buildNewUser(name, flags)]);
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
