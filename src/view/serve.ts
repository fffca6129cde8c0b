import type { CreatedKey } from '../core/workflows/provision.ts';
import type { View } from './format.ts';
import { renderFields } from './layout.ts';
import { SHOWN_ONCE } from './phrases.ts';

/** Where RAM is served, with the pair of the first administrator when that is shown here. */
export interface ServerAddress {
  Address: string;
  UserName?: string;
  AccessKey?: CreatedKey;
}

/** The address alone, so that a shell can use it. */
export const serverAddressView: View<ServerAddress> = ({ Address, UserName, AccessKey }, style) => {
  if (UserName === undefined || AccessKey?.AccessKeySecret === undefined) return Address;
  const pair: [string, string][] = [
    ['Address', Address],
    ['User', UserName],
    ['AccessKey ID', AccessKey.AccessKeyId],
    ['AccessKey secret', AccessKey.AccessKeySecret],
  ];
  return `${renderFields(pair, style)}\n${SHOWN_ONCE(style, 'The secret is')}`;
};
