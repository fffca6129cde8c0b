import { type LogonSettings, setLogon } from '../../core/journeys/logon-settings.ts';
import { loginView } from '../../view/login.ts';
import { usage } from '../app.ts';
import type { RamctlCommand } from '../command.ts';
import { addSinkOptions, deliver, type SinkOptions } from '../deliver.ts';
import {
  addLogonOptions,
  addPasswordOptions,
  isRequired,
  type LogonOptions,
  type PasswordOptions,
  readPassword,
} from '../password.ts';

interface Options extends SinkOptions, PasswordOptions, LogonOptions {
  generatePassword?: boolean;
}

export function declareSet(noun: RamctlCommand): void {
  const verb = noun.verb('set [user]', 'set password and logon settings; what is not named stays', [
    'ramctl login set alice --generate-password --secret-to file:alice.csv',
    'ramctl login set alice --password-reset required --mfa required',
  ]);
  verb.option('--generate-password', 'a new password, shown once');
  addSinkOptions(addLogonOptions(addPasswordOptions(verb), ''));
  verb.does<Options>(async (app, options, UserName: string | undefined) => {
    if (UserName === undefined) {
      throw usage("missing required argument 'user'", 'user', 'ramctl login set <user> --generate-password');
    }
    refuseContradictions(options);
    const password = await readPassword(app, options);
    const order = {
      UserName,
      password,
      generatePassword: options.generatePassword,
      PasswordResetRequired: isRequired(options.passwordReset),
      MFABindRequired: isRequired(options.mfa),
    };
    await deliver<LogonSettings>(app, options, (pack) =>
      setLogon(app.directory, order, (outcome) => pack(parcelOf(outcome))),
    );
  });
}

function refuseContradictions(options: Options): void {
  const { generatePassword, passwordStdin, passwordFile, passwordReset, mfa } = options;
  const own = passwordStdin || passwordFile !== undefined;
  if (generatePassword && own) {
    throw usage('--generate-password and a password of your own exclude each other', '--generate-password');
  }
  if (!generatePassword && !own && passwordReset === undefined && mfa === undefined) {
    throw usage(
      'nothing to set',
      '--generate-password',
      'name at least one of --generate-password --password-stdin --password-file --password-reset --mfa',
    );
  }
}

function parcelOf(result: LogonSettings) {
  const { Password, ...bare } = result;
  const { UserName, UserPrincipalName, LogonUrl } = result;
  return {
    view: loginView,
    result,
    bare,
    secrets: Password === undefined ? [] : [{ kind: 'password' as const, text: Password }],
    credential: { UserPrincipalName, LogonUrl, Password },
    orphan: { name: `a new password of ${UserName}`, command: `ramctl login set ${UserName} --generate-password` },
  };
}
