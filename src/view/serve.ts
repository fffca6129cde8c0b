import type { CreatedKey } from '../core/workflows/provision.ts';
import type { View } from './format.ts';
import { fields } from './layout.ts';
import { once } from './words.ts';

/** Where RAM is served, with the pair of the first administrator when that is shown here. */
export interface Served {
  Address: string;
  UserName?: string;
  AccessKey?: CreatedKey;
}

/** The address alone, so that a shell can use it. */
export const servedView: View<Served> = ({ Address, UserName, AccessKey }, style) => {
  if (UserName === undefined || AccessKey?.AccessKeySecret === undefined) return Address;
  const pair: [string, string][] = [
    ['Address', Address],
    ['User', UserName],
    ['AccessKey ID', AccessKey.AccessKeyId],
    ['AccessKey secret', AccessKey.AccessKeySecret],
  ];
  return `${fields(pair, style)}\n${once(style, 'The secret is')}`;
};
