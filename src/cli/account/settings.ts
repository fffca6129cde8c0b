import { InvalidArgumentError } from 'commander';
import type { Operations } from '../../core/directory.ts';
import { defaultPasswordPolicy, defaultSecurityPreference } from '../../core/state.ts';
import { settingsView } from '../../view/account.ts';
import type { RamctlCommand } from '../command.ts';
import { changeAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';

type Value = boolean | number | string;

/** RAM's members with what a fresh account has, which tells their types. */
const POLICY: Record<string, Value> = { ...defaultPasswordPolicy() };
const PREFERENCE: Record<string, Value> = { ...defaultSecurityPreference() };

export function declareSettings(noun: RamctlCommand): void {
  const part = noun.subgroup('settings', 'password policy and security preferences');
  const get = part.verb('get', 'the settings of the account', ['ramctl account settings get']);
  get.setAction(async (context) =>
    context.output.show(settingsView, await context.directory.reading(settingsOf)).then(() => undefined),
  );
  const set = part.verb('set', 'change settings; what is not named stays', [
    'ramctl account settings set --minimum-password-length 12 --require-numbers true',
    'ramctl account settings set --max-password-age 90 --password-reuse-prevention 5',
  ]);
  for (const [member, fresh] of Object.entries({ ...POLICY, ...PREFERENCE })) {
    set.option(
      `--${flagNameOf(member)} <${typeof fresh === 'string' ? 'text' : typeof fresh}>`,
      member,
      parserFor(fresh),
    );
  }
  set.addHelpText(
    'after',
    '\nLoginNetworkMasks and EnableSaveMFATicket are kept for the console; ramctl logon comes from nowhere\nand remembers no device.',
  );
  set.setAction<Record<string, Value>>(async (context, options) => {
    const members = Object.fromEntries(Object.entries(options).map(([key, value]) => [findMember(key), value]));
    const [policy, preference] = [POLICY, PREFERENCE].map((known) =>
      Object.fromEntries(Object.entries(members).filter(([member]) => member in known)),
    );
    if (Object.keys({ ...policy, ...preference }).length === 0) {
      throw usageError('nothing to set', '--minimum-password-length', 'ramctl help account settings set');
    }
    await changeAndShow(context, settingsView, async (operations) => {
      await operations.setPasswordPolicy(policy ?? {});
      await operations.setSecurityPreference(preference ?? {});
      return settingsOf(operations);
    });
  });
}

async function settingsOf(operations: Operations): Promise<Record<string, Value | null>> {
  const preference = await operations.getSecurityPreference();
  const LoginNetworkMasks = preference.LoginNetworkMasks || null;
  return { ...(await operations.getPasswordPolicy()), ...preference, LoginNetworkMasks };
}

/** RAM's member name as a flag: `EnableSaveMFATicket` is `enable-save-mfa-ticket`. */
function flagNameOf(member: string): string {
  return member
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

/** The member that commander's key stands for. */
function findMember(key: string): string {
  const same = (member: string) => member.toLowerCase() === key.toLowerCase();
  return [...Object.keys(POLICY), ...Object.keys(PREFERENCE)].find(same) ?? key;
}

function parserFor(fresh: Value): (text: string) => Value {
  if (typeof fresh === 'string') return (text) => text;
  if (typeof fresh === 'number') {
    return (text) => {
      if (/^-?\d+$/.test(text)) return Number(text);
      throw new InvalidArgumentError('It must be a whole number.');
    };
  }
  return (text) => {
    if (/^(true|yes|1)$/i.test(text)) return true;
    if (/^(false|no|0)$/i.test(text)) return false;
    throw new InvalidArgumentError('It must be true or false.');
  };
}
