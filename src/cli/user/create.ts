import type { NewUser } from '../../core/workflows/provision.ts';
import { collect, type RamctlCommand } from '../command.ts';
import {
  addLogonOptions,
  addPasswordOptions,
  isRequired,
  type LogonOptions,
  type PasswordOptions,
  readNewPassword,
} from '../password.ts';
import { addSinkOptions, type SinkOptions } from '../secret-sinks.ts';
import { usageError } from '../usage-error.ts';
import { createUsers, dryRunAndPrint, printExistingUser } from './create-users.ts';
import { runWizard, type UserFlags } from './wizard.ts';

interface Options extends SinkOptions, PasswordOptions, LogonOptions {
  displayName?: string;
  comments?: string;
  email?: string;
  mobilePhone?: string;
  console?: boolean;
  accessKey?: boolean;
  group?: string[];
  policy?: string[];
  ifNotExists?: boolean;
  dryRun?: boolean;
}

export function declareCreate(noun: RamctlCommand): void {
  const verb = noun.verb('create [name]', 'create a user with everything they need, all or nothing', [
    'ramctl user create alice --display-name "Alice Li" --console --policy AliyunIOTReadOnlyAccess',
    'ramctl user create deployer --access-key --secret-to file:deployer.env',
  ]);
  verb.option('--display-name <text>', 'how the user is shown');
  verb.option('--comments <text>', 'remarks');
  verb.option('--email <address>', 'mail address');
  verb.option('--mobile-phone <number>', 'country code, hyphen, number: 86-13800000000');
  verb.option('--console', 'console logon, with a generated password unless one is given (for people)');
  addLogonOptions(addPasswordOptions(verb), ' (default: required)');
  verb.option('--access-key', 'an AccessKey at once (for programs)');
  verb.option('--group <name>', 'put the user into a group; may be repeated', collect);
  verb.option('--policy <name>', 'attach a policy; may be repeated', collect);
  verb.option('--if-not-exists', 'print a user who exists already, and make nothing');
  verb.option('--dry-run', 'check everything, make nothing');
  addSinkOptions(verb);
  verb.setAction<Options>(async (context, options, name: string | undefined) => {
    if (!options.console) assertNoLogonOptions(options);
    const flags = buildUserFlags(options, await readNewPassword(context, options));
    if (name === undefined) {
      await runWizard(context, options, flags);
    } else if (!options.ifNotExists || !(await printExistingUser(context, name))) {
      const order = buildNewUser(name, flags);
      await (options.dryRun ? dryRunAndPrint(context, options, [order]) : createUsers(context, options, [order]));
    }
  });
}

function buildUserFlags(options: Options, password: string | undefined): UserFlags {
  const { displayName, comments, email, mobilePhone, accessKey, ifNotExists } = options;
  const { group: groups, policy: policies, passwordReset, mfa } = options;
  return {
    user: { DisplayName: displayName, Comments: comments, Email: email, MobilePhone: mobilePhone },
    hasConsoleLogon: options.console,
    logon: { password, PasswordResetRequired: isRequired(passwordReset), MFABindRequired: isRequired(mfa) },
    accessKey,
    groups,
    policies,
    ifNotExists,
  };
}

function buildNewUser(UserName: string, { user, hasConsoleLogon, logon, ...rest }: UserFlags): NewUser {
  return { user: { ...user, UserName }, logon: hasConsoleLogon ? logon : undefined, ...rest };
}

const LOGON_FLAGS = {
  passwordStdin: '--password-stdin',
  passwordFile: '--password-file',
  passwordReset: '--password-reset',
  mfa: '--mfa',
} as const;

function assertNoLogonOptions(options: Options): void {
  for (const [name, flag] of Object.entries(LOGON_FLAGS)) {
    if (options[name as keyof typeof LOGON_FLAGS] === undefined) continue;
    throw usageError(`${flag} is about console logon`, flag, 'add --console');
  }
}
