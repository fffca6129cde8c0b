import { Cancelled } from '../ask/prompter.ts';
import type { Logon } from '../core/directory.ts';
import { buildMfaKey, mfaSetupHint } from '../core/workflows/mfa.ts';
import { sessionView } from '../view/login.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext, LocalContext } from './command-context.ts';
import { addPasswordOptions, type PasswordOptions, readNewPassword, readPassword } from './password.ts';
import { retry } from './retry.ts';
import { verifyNewDevice } from './verify-device.ts';

type Options = PasswordOptions & { code?: string; newPasswordFile?: string };

/** RAM's API has no console logon. */
const LOGON_PAGE_HINT = 'log on in a browser; "ramctl overview --query LogonUrl" prints the URL of the logon page';

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('<user-principal-name>', {
    'Log on with the password on stdin': 'ramctl logon alice@acme.onaliyun.com --password-stdin',
    'Log on with the password and an MFA code': 'ramctl logon alice@acme --password-stdin --code 123456',
  });
  verb.describe(`Logs on as the user would in the console: password, MFA code, and a new password if a reset is due.
    Wrong passwords and codes count, and too many of them within an hour lock console logon for an hour. Prints the
    session.`);
  addPasswordOptions(verb);
  verb.option('--code <6 digits>', 'code that the authenticator app shows now');
  verb.option('--new-password-file <path>', 'file with a new password; required if a password reset is due');
  verb.setLocalAction<Options>(LOGON_PAGE_HINT, async (context, options, name: string) => {
    const password = (await readPassword(context, options)) ?? (await askPassword(context));
    const newPassword = await readNewPassword(context, { passwordFile: options.newPasswordFile });
    const logon = await context.directory.logOn(name, password);
    let text = '';
    try {
      if (logon.requirements.mfa === 'binding') await setUpDevice(context, logon);
      else await verifyBoundDevice(context, logon, options.code);
      const finish = (chosenPassword: string | undefined) =>
        logon.finish(chosenPassword, (session) => {
          text = context.output.format(sessionView, session);
        });
      if (newPassword !== undefined || !logon.requirements.newPassword) await finish(newPassword);
      else await askPasswordAndFinish(context, finish);
    } catch (error) {
      // The attempt was written.
      throw error instanceof Cancelled ? new Cancelled('cancelled; the logon was not completed') : error;
    }
    await context.output.printCommitted(text);
  });
}

async function askPassword(context: LocalContext): Promise<string> {
  const prompter = await context.prompts.requirePrompter(
    'the password is missing',
    '--password-stdin',
    'add --password-stdin',
  );
  context.file.assertExists();
  return prompter.secret('Password');
}

async function verifyBoundDevice(context: CommandContext, logon: Logon, code: string | undefined): Promise<void> {
  if (logon.requirements.mfa === 'nothing') {
    if (code !== undefined) context.output.remark(`remark: ${logon.UserName} has no MFA device, so --code is ignored`);
    return;
  }
  if (code !== undefined) return logon.verifyCode(code);
  const prompter = await context.prompts.requirePrompter('an MFA code is missing', '--code', 'add --code <6 digits>');
  const { askCode } = await import('../ask/mfa.ts');
  await retry(context, 'CheckAuthenticationCodeFail', async () => logon.verifyCode(await askCode(prompter)));
}

/** Shows the key of a new device and checks its codes. The device is stored when the logon finishes. */
async function setUpDevice(context: CommandContext, logon: Logon): Promise<void> {
  const { UserName } = logon;
  const prompter = await context.prompts.requirePrompter(
    'an MFA device must be bound first',
    '--code',
    mfaSetupHint(UserName),
  );
  const { user, Base32StringSeed } = await context.directory.startMFASetup({ UserName });
  const key = await buildMfaKey(user, Base32StringSeed);
  const findStep = (code: string, firstStep?: number) => logon.verifyNewDevice(Base32StringSeed, code, firstStep);
  await verifyNewDevice(context, prompter, { ...key, qr: 'terminal' }, findStep);
}

async function askPasswordAndFinish(context: CommandContext, finish: (newPassword: string) => Promise<unknown>) {
  const hint = 'add --new-password-file <path>';
  const prompter = await context.prompts.requirePrompter('a new password is missing', '--new-password-file', hint);
  const { askNewPassword } = await import('../ask/login.ts');
  const policy = await context.directory.getPasswordPolicy();
  const attempt = async () => finish(await askNewPassword(prompter, policy));
  await retry(context, 'InvalidParameter.NewPassword.ReusePrevention', attempt);
}
