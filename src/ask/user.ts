import type { User } from '../core/directory.ts';
import { assertValidEmail, assertValidMobilePhone } from '../core/validation.ts';
import { askName, askOptionalText } from './fields.ts';
import type { Prompter } from './prompter.ts';

/** Asks for the profile of a user, with the current one as default. An empty answer removes a text. */
export async function askProfile(prompter: Prompter, user: User, takenNames: string[]) {
  const domain = user.UserPrincipalName.slice(user.UserName.length + 1);
  return {
    UserName: await askUserName(prompter, user.UserName, takenNames, domain),
    DisplayName: await askOptionalText(prompter, 'Display name', 'DisplayName', user.DisplayName),
    Comments: await askOptionalText(prompter, 'Comments', 'Comments', user.Comments),
    Email: await askEmail(prompter, user.Email),
    MobilePhone: await askMobilePhone(prompter, user.MobilePhone),
  };
}

/** Asks for a user name. The question shows the logon name that it becomes in the account's default domain. */
export function askUserName(prompter: Prompter, currentName: string, takenNames: string[], domain: string) {
  return askName(prompter, 'User', currentName, takenNames, `User name (logs on as <name>@${domain})`);
}

export function askEmail(prompter: Prompter, current: string | null): Promise<string> {
  return askOptionalText(prompter, 'Email', 'Email', current, assertValidEmail);
}

export function askMobilePhone(prompter: Prompter, current: string | null): Promise<string> {
  return askOptionalText(prompter, 'Mobile phone', 'MobilePhone', current, assertValidMobilePhone);
}
