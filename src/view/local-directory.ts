import type { Style } from './style.ts';

/** What the admin must know about the users of a local directory. */
export const LOCAL_USERS_NOTE = 'Its users exist on this machine only, not in Alibaba Cloud.';

const LOGON_URL_NOTE = 'belongs to the real account of that alias, if there is one';

/** A logon URL, with a note for a local directory, because the link leads to Alibaba Cloud. */
export function logonUrl(
  { LogonUrl }: { LogonUrl?: string | undefined },
  { isLocal }: Pick<Style, 'isLocal'>,
): string | undefined {
  return LogonUrl && isLocal ? `${LogonUrl}\n${LOGON_URL_NOTE}` : LogonUrl;
}
