import type { Prompter } from '../ask/prompter.ts';
import type { Logon } from '../core/directory.ts';
import { type Failure, isFailure } from '../core/failure.ts';
import { beginEnrolment } from '../core/journeys/mfa.ts';
import { sessionView } from '../view/login.ts';
import { enrolmentView } from '../view/mfa.ts';
import type { App } from './app.ts';
import type { RamctlCommand } from './command.ts';
import { addPasswordOptions, type PasswordOptions, readNewPassword, readPassword } from './password.ts';

interface Options extends PasswordOptions {
  code?: string;
  newPasswordFile?: string;
}

/** How often a wrong code or an unfit new password is explained and asked again. */
const TRIES = 3;

export function declare(noun: RamctlCommand): void {
  const verb = noun.alone('<user-principal-name>', [
    'ramctl logon alice@acme.onaliyun.com --password-stdin',
    'ramctl logon alice@acme --password-stdin --code 123456',
  ]);
  addPasswordOptions(verb);
  verb.option('--code <6 digits>', 'what the authenticator app shows now');
  verb.option('--new-password-file <path>', 'change the password, or do the reset that is due');
  verb.does<Options>(async (app, options, name: string) => {
    const password = (await readPassword(app, options)) ?? (await askPassword(app, name));
    const newPassword = await readNewPassword(app, { passwordFile: options.newPasswordFile });
    const logon = await app.directory.logOn(name, password);
    await passMfa(app, logon, options.code);
    await app.show(sessionView, await finish(app, logon, newPassword));
  });
}

async function askPassword(app: App, name: string): Promise<string> {
  const what = 'the password is needed and nobody is there to ask';
  const prompter = await app.ask({ what, field: '--password-stdin', hint: `ramctl logon ${name} --password-stdin` });
  return prompter.secret('Password');
}

async function passMfa(app: App, logon: Logon, code: string | undefined): Promise<void> {
  const { mfa } = logon.needs;
  if (mfa === 'nothing') return;
  if (mfa === 'code' && code !== undefined) return logon.enterCode(code);
  const { UserName } = logon;
  const prompter = await app.ask(
    mfa === 'code'
      ? { what: 'an MFA code is needed', field: '--code', hint: 'add --code <6 digits>' }
      : {
          what: 'an MFA device has to be bound first',
          field: '--code',
          hint: `ramctl mfa enable ${UserName} --no-bind, then ramctl mfa bind`,
        },
  );
  return mfa === 'code' ? enterCode(app, prompter, logon) : bind(app, prompter, logon);
}

async function enterCode(app: App, prompter: Prompter, logon: Logon): Promise<void> {
  const { askCode } = await import('../ask/mfa.ts');
  return again(app, 'CheckAuthenticationCodeFail', async () => logon.enterCode(await askCode(prompter)));
}

/** As `mfa enable` does: whatever ends this early takes the device away again. */
async function bind(app: App, prompter: Prompter, logon: Logon): Promise<void> {
  const { askCodes } = await import('../ask/mfa.ts');
  const enrolment = await beginEnrolment(app.directory, logon.UserName);
  const { SerialNumber } = enrolment.value;
  try {
    await app.tell(enrolmentView, enrolment.value);
    await again(app, 'CheckAuthenticationCodeFail', async () => {
      const [AuthenticationCode1, AuthenticationCode2] = await askCodes(prompter);
      await logon.bind({ SerialNumber, AuthenticationCode1, AuthenticationCode2 });
    });
  } catch (error) {
    await enrolment.undo().catch(() => {});
    throw error;
  }
}

async function finish(app: App, logon: Logon, newPassword: string | undefined) {
  if (newPassword !== undefined || !logon.needs.newPassword) return logon.finish(newPassword);
  const prompter = await app.ask({
    what: 'the password has to be changed',
    field: '--new-password-file',
    hint: 'add --new-password-file <path>',
  });
  const { askNewPassword } = await import('../ask/login.ts');
  const policy = await app.directory.getPasswordPolicy();
  const reused = 'InvalidParameter.NewPassword.ReusePrevention';
  return again(app, reused, async () => logon.finish(await askNewPassword(prompter, policy)));
}

/** Explains a refusal and tries again, a few times. */
async function again<T>(app: App, code: string, work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (left === 1 || !isFailure(error, code)) throw error;
      await app.tell((text) => text, explained(error));
    }
  }
}

function explained({ message, details }: Failure): string {
  return [message, details.Hint ?? []].flat().join('; ');
}
