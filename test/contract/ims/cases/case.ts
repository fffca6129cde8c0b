import { ACCOUNT } from '../../../support/sample-directory.ts';

/** Returns the logon name of a user of acme. */
export const upn = (name: string) => `${name}@${ACCOUNT}.onaliyun.com`;

export const NO_USER = { 'EntityNotExist.User': { UserPrincipalName: upn('nobody') } };
