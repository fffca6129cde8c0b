import type { Prompter } from '../ask/prompter.ts';
import type { Logon, Session } from '../core/directory.ts';
import { type Failure, isFailure } from '../core/failure.ts';
import { startMfaSetup } from '../core/workflows/mfa.ts';
import { sessionView } from '../view/login.ts';
import type { RamctlCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { addPasswordOptions, type PasswordOptions, readNewPassword, readPassword } from './password.ts';

interface Options extends PasswordOptions {
  code?: string;
  newPasswordFile?: string;
}

/** How often a wrong code or an unfit new password is explained and asked again. */
const MAX_ATTEMPTS = 3;

export function declare(noun: RamctlCommand): void {
  const verb = noun.standalone('<user-principal-name>', [
    'ramctl logon alice@acme.onaliyun.com --password-stdin',
    'ramctl logon alice@acme --password-stdin --code 123456',
  ]);
  addPasswordOptions(verb);
  verb.option('--code <6 digits>', 'what the authenticator app shows now');
  verb.option('--new-password-file <path>', 'change the password, or do the reset that is due');
  verb.setAction<Options>(async (context, options, name: string) => {
    const password = (await readPassword(context, options)) ?? (await askPassword(context, name));
    const newPassword = await readNewPassword(context, { passwordFile: options.newPasswordFile });
    const logon = await context.directory.logOn(name, password);
    const undo = await completeMfa(context, logon, options.code);
    let text = '';
    const accept = (session: Session) => {
      text = context.output.format(sessionView, session);
    };
    try {
      await finishLogon(context, logon, newPassword, accept);
    } catch (error) {
      await undo();
      throw error;
    }
    await context.output.printCommitted(text);
  });
}

/** What takes back what was made on the way. */
type Revert = () => Promise<void>;

async function askPassword(context: CommandContext, name: string): Promise<string> {
  const what = 'the password is needed and nobody is there to ask';
  const prompter = await context.prompts.require({
    what,
    field: '--password-stdin',
    hint: `ramctl logon ${name} --password-stdin`,
  });
  return prompter.secret('Password');
}

async function completeMfa(context: CommandContext, logon: Logon, code: string | undefined): Promise<Revert> {
  const { UserName, requirements } = logon;
  if (requirements.mfa === 'binding') {
    const what = 'an MFA device has to be bound first';
    const hint = `ramctl mfa enable ${UserName} --no-bind   # then ramctl mfa bind`;
    return bindMfaDevice(context, await context.prompts.require({ what, field: '--code', hint }), logon);
  }
  if (requirements.mfa === 'nothing' && code !== undefined)
    context.output.remark(`remark: ${UserName} has no MFA device, --code is not used`);
  if (requirements.mfa === 'code') await (code === undefined ? askMfaCode(context, logon) : logon.verifyCode(code));
  return async () => {};
}

async function askMfaCode(context: CommandContext, logon: Logon): Promise<void> {
  const prompter = await context.prompts.require({
    what: 'an MFA code is needed',
    field: '--code',
    hint: 'add --code <6 digits>',
  });
  const { askCode } = await import('../ask/mfa.ts');
  return retryOnFailure(context, 'CheckAuthenticationCodeFail', async () => logon.verifyCode(await askCode(prompter)));
}

/** Makes a device and has its codes entered; it is bound in the end, so that whoever leaves early leaves none. */
async function bindMfaDevice(context: CommandContext, prompter: Prompter, logon: Logon): Promise<Revert> {
  const { askCodePair: askCodes } = await import('../ask/mfa.ts');
  const enrolment = await startMfaSetup(context.directory, logon.UserName);
  // If that fails, it is somebody else's device by now.
  const undo = () => enrolment.revert().catch(() => {});
  try {
    const { mfaSetupView: enrolmentView } = await import('../view/mfa-setup.ts');
    await context.output.showPrompt(enrolmentView, enrolment.value);
    await retryOnFailure(context, 'CheckAuthenticationCodeFail', async () =>
      logon.verifyCodePair(enrolment.value.SerialNumber, await askCodes(prompter)),
    );
    return undo;
  } catch (error) {
    await undo();
    throw error;
  }
}

async function finishLogon(
  context: CommandContext,
  logon: Logon,
  newPassword: string | undefined,
  accept: (session: Session) => void,
): Promise<Session> {
  if (newPassword !== undefined || !logon.requirements.newPassword) return logon.finish(newPassword, accept);
  const prompter = await context.prompts.require({
    what: 'the password has to be changed',
    field: '--new-password-file',
    hint: 'add --new-password-file <path>',
  });
  const { askNewPassword } = await import('../ask/login.ts');
  const policy = await context.directory.getPasswordPolicy();
  const reused = 'InvalidParameter.NewPassword.ReusePrevention';
  return retryOnFailure(context, reused, async () => logon.finish(await askNewPassword(prompter, policy), accept));
}

/** Explains a refusal and tries again, a few times. */
async function retryOnFailure<T>(context: CommandContext, code: string, work: () => Promise<T>): Promise<T> {
  for (let left = MAX_ATTEMPTS; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !isFailure(error, code)) throw error;
      await context.output.showPrompt((text) => text, formatFailure(error));
    }
  }
}

function formatFailure({ message, details }: Failure): string {
  return [message, details.Hint ?? []].flat().join('; ');
}
