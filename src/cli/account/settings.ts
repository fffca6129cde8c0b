import { InvalidArgumentError } from 'commander';
import type { Operations } from '../../core/directory.ts';
import { DEFAULT_PASSWORD_POLICY, DEFAULT_SECURITY_PREFERENCE } from '../../core/state.ts';
import { anyValueView } from '../../view/any-value.ts';
import type { RamctlCommand } from '../command.ts';
import { wholeNumberParser } from '../option-parsers.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

type Value = boolean | number | string;

const ALLOWED_VALUES: Record<string, string> = {
  MinimumPasswordLength: '8 to 32',
  MaxPasswordAge: 'days, 0 to 1095; 0 is no limit',
  PasswordReusePrevention: 'last passwords that cannot be reused, 0 to 24',
  MaxLoginAttemps: 'failed attempts in an hour, 0 to 32; 0 is no limit',
  LoginSessionDuration: 'hours, 1 to 24',
  LoginNetworkMasks: 'up to 40 addresses or CIDR blocks, separated by semicolons',
};

export function declare(noun: RamctlCommand): void {
  const group = noun.subgroup('settings', 'Show and change the password policy and the security preferences');
  const get = group.verb('get', 'Show the settings of the account', {
    'Show all settings': 'ramctl account settings get',
    'Print one setting': 'ramctl account settings get --query MinimumPasswordLength',
  });
  get.describe('Prints the password policy and the security preferences, by the names of RAM.');
  get.setReadAction(anyValueView, readSettings);
  const set = group.verb('set', 'Change settings', {
    'Require longer passwords with digits':
      'ramctl account settings set --minimum-password-length 12 --require-numbers true',
    'Let passwords expire after 90 days and refuse the last five':
      'ramctl account settings set --max-password-age 90 --password-reuse-prevention 5',
  });
  set.describe(`Changes the given settings in one transaction and keeps the others. Changes nothing if a value is out
    of range. Prints all settings.`);
  // RAM's defaults contain the name and the type of every setting.
  const defaults = { ...DEFAULT_PASSWORD_POLICY, ...DEFAULT_SECURITY_PREFERENCE };
  for (const [member, value] of Object.entries<Value>(defaults)) {
    const allowed = ALLOWED_VALUES[member] ?? 'true or false';
    set.option(
      `--${flagName(member)} <${typeof value === 'string' ? 'text' : typeof value}>`,
      `${member} (${allowed}; default: ${value === '' ? 'none' : value})`,
      createParser(value),
    );
  }
  set.addHelpText(
    'after',
    '\nramctl stores these settings but does not apply them: LoginNetworkMasks,\nEnableSaveMFATicket, AllowUserToManageAccessKeys, AllowUserToManageMFADevices.',
  );
  set.createsDirectory();
  set.setAction<Record<string, Value>>(async (context, options) => {
    // commander's names differ in case: the option of EnableSaveMFATicket is enableSaveMfaTicket.
    const values = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), value]));
    const selectChanges = (settings: object) =>
      Object.fromEntries(Object.keys(settings).map((member) => [member, values.get(member.toLowerCase())]));
    const policy = selectChanges(DEFAULT_PASSWORD_POLICY);
    const preference = selectChanges(DEFAULT_SECURITY_PREFERENCE);
    if (Object.values({ ...policy, ...preference }).every((value) => value === undefined)) {
      throw usageError('no setting is given', '--minimum-password-length', 'ramctl help account settings set');
    }
    await changeAndShow(context, anyValueView, async (operations) => {
      await operations.setPasswordPolicy(policy);
      await operations.setSecurityPreference(preference);
      return readSettings(operations);
    });
  });
}

async function readSettings(operations: Operations) {
  const preference = await operations.getSecurityPreference();
  const LoginNetworkMasks = preference.LoginNetworkMasks || null;
  return { ...(await operations.getPasswordPolicy()), ...preference, LoginNetworkMasks };
}

/** Returns a member name as a flag: `enable-save-mfa-ticket` for `EnableSaveMFATicket`. */
function flagName(member: string): string {
  return member.replace(/([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$&-').toLowerCase();
}

/** Returns the parser of an option whose value has the type of `example`. */
function createParser(example: Value): (text: string) => Value {
  if (typeof example === 'string') return (text) => text;
  if (typeof example === 'number') return wholeNumberParser();
  return (text) => {
    if (/^(true|yes|1)$/i.test(text)) return true;
    if (/^(false|no|0)$/i.test(text)) return false;
    throw new InvalidArgumentError('It must be true or false.');
  };
}
