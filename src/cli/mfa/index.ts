import { completeMfaSetup, readMfaStatus, removeMfa } from '../../core/workflows/mfa.ts';
import { deletedDeviceView, type MfaDeviceRow, mfaListView, mfaView } from '../../view/mfa.ts';
import { collect, type RamctlCommand } from '../command.ts';
import { changeAndShow, readAndShow } from '../output.ts';
import { usageError } from '../usage-error.ts';
import { declareEnable } from './enable.ts';

export function declare(noun: RamctlCommand): void {
  declareEnable(noun);
  declareBind(noun);
  declareDisable(noun);
  declareGet(noun);
  declareList(noun);
}

function declareBind(noun: RamctlCommand): void {
  const verb = noun.verb('bind <user>', 'Bind an MFA device that mfa enable --no-bind created', [
    '# Bind the device of bob with two consecutive codes',
    'ramctl mfa bind bob --code 123456 --code 654321',
    '# The same, and print only the new MFA status',
    'ramctl mfa bind bob --code 123456 --code 654321 --query MFA',
  ]);
  verb.description(
    'Binds the unbound MFA device of a user. Needs two consecutive codes of the device, which cannot be used again. ' +
      'Fails with exit code 4 if a code is wrong. Prints the MFA status of the user.',
  );
  verb.option('--code <6 digits>', 'code of the device; give two consecutive codes, the older one first', collect);
  verb.setAction<{ code?: string[] }>(async (context, { code: codes = [] }, name: string) => {
    const [first, second, third] = codes;
    if (first === undefined || second === undefined || third !== undefined) {
      const hint = `ramctl mfa bind ${name} --code <first> --code <second>`;
      throw usageError('exactly two consecutive codes are required', '--code', hint);
    }
    // Load the TOTP library before the lock is taken.
    await import('../../core/totp.ts');
    await changeAndShow(context, mfaView, (operations) => completeMfaSetup(operations, name, [first, second]));
  });
}

function declareDisable(noun: RamctlCommand): void {
  const verb = noun.verb('disable <user>', 'Delete the MFA device of a user and the MFA requirement', [
    '# Disable MFA for alice after a confirmation',
    'ramctl mfa disable alice',
    '# The same in a script, without a question',
    'ramctl mfa disable alice --yes',
  ]);
  verb.description(
    'Unbinds and deletes the MFA device of a user, and no longer requires MFA at the next logon. Asks for a ' +
      'confirmation. Fails if the user has neither a device nor the requirement. Prints the serial number of the device.',
  );
  verb.setAction(async (context, _, name: string) => {
    context.prompts.requireConfirmation();
    await context.prompts.confirm(async () => {
      const status = await context.directory.reading((operations) => readMfaStatus(operations, name));
      return { question: `Disable MFA for ${status.UserName} (${status.SerialNumber ?? 'no device bound'})?` };
    });
    await changeAndShow(context, deletedDeviceView, async (operations) => {
      const { UserName, SerialNumber } = await removeMfa(operations, name);
      return { UserName, SerialNumber };
    });
  });
}

function declareGet(noun: RamctlCommand): void {
  const verb = noun.verb('get <user>', 'Show the MFA status of a user', [
    '# Show the MFA device of alice',
    'ramctl mfa get alice',
    '# Print only the status: bound, required or none',
    'ramctl mfa get alice --query MFA',
  ]);
  verb.description(
    'Prints whether a user has an MFA device or must bind one at the next logon, with the serial number of the device ' +
      'and the date on which it was bound.',
  );
  verb.setAction(async (context, _, name: string) => {
    await readAndShow(context, mfaView, (operations) => readMfaStatus(operations, name));
  });
}

function declareList(noun: RamctlCommand): void {
  const verb = noun.verb('list', 'List MFA devices', [
    '# List all devices with their users',
    'ramctl mfa list',
    '# List the serial numbers of the devices that are not bound',
    `ramctl mfa list --query "[?Status=='unbound'].SerialNumber"`,
  ]);
  verb.description('Prints the virtual MFA devices of the account, each with its status and the user it is bound to.');
  verb.setAction(async (context) => {
    const devices = await context.directory.listVirtualMFADevices();
    const rows = devices.map<MfaDeviceRow>(({ SerialNumber, ActivateDate, User }) => ({
      SerialNumber,
      UserName: User?.UserName ?? null,
      Status: User ? 'bound' : 'unbound',
      ActivateDate,
    }));
    await context.output.show(mfaListView, rows);
  });
}
