import type { Prompter } from '../ask/prompter.ts';
import type { Logon, Session } from '../core/directory.ts';
import { type Failure, isFailure } from '../core/failure.ts';
import { beginEnrolment } from '../core/journeys/mfa.ts';
import { sessionView } from '../view/login.ts';
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
    const undo = await passMfa(app, logon, options.code);
    let text = '';
    const accept = (session: Session) => {
      text = app.format(sessionView, session);
    };
    try {
      await finish(app, logon, newPassword, accept);
    } catch (error) {
      await undo();
      throw error;
    }
    await app.printDone(text);
  });
}

/** What takes back what was made on the way. */
type Undo = () => Promise<void>;

async function askPassword(app: App, name: string): Promise<string> {
  const what = 'the password is needed and nobody is there to ask';
  const prompter = await app.ask({ what, field: '--password-stdin', hint: `ramctl logon ${name} --password-stdin` });
  return prompter.secret('Password');
}

async function passMfa(app: App, logon: Logon, code: string | undefined): Promise<Undo> {
  const { UserName, needs } = logon;
  if (needs.mfa === 'binding') {
    const what = 'an MFA device has to be bound first';
    const hint = `ramctl mfa enable ${UserName} --no-bind   # then ramctl mfa bind`;
    return bind(app, await app.ask({ what, field: '--code', hint }), logon);
  }
  if (needs.mfa === 'nothing' && code !== undefined)
    app.note(`remark: ${UserName} has no MFA device, --code is not used`);
  if (needs.mfa === 'code') await (code === undefined ? askForCode(app, logon) : logon.enterCode(code));
  return async () => {};
}

async function askForCode(app: App, logon: Logon): Promise<void> {
  const prompter = await app.ask({ what: 'an MFA code is needed', field: '--code', hint: 'add --code <6 digits>' });
  const { askCode } = await import('../ask/mfa.ts');
  return again(app, 'CheckAuthenticationCodeFail', async () => logon.enterCode(await askCode(prompter)));
}

/** Makes a device and has its codes entered; it is bound in the end, so that whoever leaves early leaves none. */
async function bind(app: App, prompter: Prompter, logon: Logon): Promise<Undo> {
  const { askCodes } = await import('../ask/mfa.ts');
  const enrolment = await beginEnrolment(app.directory, logon.UserName);
  // If that fails, it is somebody else's device by now.
  const undo = () => enrolment.undo().catch(() => {});
  try {
    const { enrolmentView } = await import('../view/enrolment.ts');
    await app.tell(enrolmentView, enrolment.value);
    await again(app, 'CheckAuthenticationCodeFail', async () =>
      logon.enterPair(enrolment.value.SerialNumber, await askCodes(prompter)),
    );
    return undo;
  } catch (error) {
    await undo();
    throw error;
  }
}

async function finish(
  app: App,
  logon: Logon,
  newPassword: string | undefined,
  accept: (session: Session) => void,
): Promise<Session> {
  if (newPassword !== undefined || !logon.needs.newPassword) return logon.finish(newPassword, accept);
  const prompter = await app.ask({
    what: 'the password has to be changed',
    field: '--new-password-file',
    hint: 'add --new-password-file <path>',
  });
  const { askNewPassword } = await import('../ask/login.ts');
  const policy = await app.directory.getPasswordPolicy();
  const reused = 'InvalidParameter.NewPassword.ReusePrevention';
  return again(app, reused, async () => logon.finish(await askNewPassword(prompter, policy), accept));
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
