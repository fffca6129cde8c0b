import { nullIfCode } from '../../core/failure.ts';
import type { Api, Response } from '../api.ts';

/** What the remote operations need. */
export interface RemoteContext {
  api: Api;
  /** Waits between two requests, for a report or for a call that RAM processes late. */
  sleep: (ms: number) => Promise<void>;
  /** Returns the default domain of the account. It is requested once. */
  defaultDomain(): Promise<string>;
  /** Requests the default domain again the next time, because the alias of the account was changed. */
  forgetDefaultDomain(): void;
}

export function createContext(api: Api, sleep: RemoteContext['sleep']): RemoteContext {
  let domain: Promise<string> | undefined;
  const forgetDefaultDomain = () => {
    domain = undefined;
  };
  const requestDomain = async (): Promise<string> => (await api.call('IMS', 'GetDefaultDomain')).DefaultDomainName;
  const defaultDomain = () => {
    domain ??= requestDomain().catch((error: unknown) => {
      forgetDefaultDomain();
      throw error;
    });
    return domain;
  };
  return { api, sleep, defaultDomain, forgetDefaultDomain };
}

/** Returns the parameter by which IMS names a user. */
export async function userPrincipal(context: RemoteContext, UserName: string): Promise<{ UserPrincipalName: string }> {
  return { UserPrincipalName: `${UserName}@${await context.defaultDomain()}` };
}

/** Returns a user as RAM 2015-05-01 has it, or null. It is found without the default domain. */
export async function findRamUser({ api }: RemoteContext, UserName: string): Promise<Response | null> {
  const response = await nullIfCode(api.call('RAM', 'GetUser', { UserName }), 'EntityNotExist.User');
  return response?.User ?? null;
}
