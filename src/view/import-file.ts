import type { NewUser } from '../core/workflows/provision.ts';

/** The file names whose extension selects a format of `formatImportFile`. */
export const IMPORT_FILE_NAME = /\.(csv|json|ya?ml)$/i;

/** Returns the content of a file for `user import`, without passwords. The extension selects the format. */
export async function formatImportFile(fileName: string, users: NewUser[]): Promise<string> {
  const rows = users.map(toRow);
  if (/json$/i.test(fileName)) return `${JSON.stringify(rows, null, 2)}\n`;
  if (/ya?ml$/i.test(fileName))
    return (await import('yaml')).stringify(rows, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
  return (await import('./csv.ts')).formatCsv(rows);
}

/** Returns the columns of a row that `user import` reads. */
function toRow({ user, logon, accessKey = false, groups = [], policies = [] }: NewUser) {
  const { PasswordResetRequired = true, MFABindRequired = false } = logon ?? {};
  return {
    UserName: user.UserName,
    DisplayName: user.DisplayName,
    Comments: user.Comments,
    Email: user.Email,
    MobilePhone: user.MobilePhone,
    Console: logon !== undefined,
    AccessKey: accessKey,
    PasswordReset: logon && formatRequirement(PasswordResetRequired),
    MFA: logon && formatRequirement(MFABindRequired),
    Groups: groups,
    Policies: policies,
  };
}

function formatRequirement(isRequired: boolean): string {
  return isRequired ? 'required' : 'not-required';
}
