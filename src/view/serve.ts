import type { CreatedUser } from '../core/workflows/provision.ts';
import type { View } from './format.ts';
import { fieldsView } from './record-views.ts';

/** The address of the server. With the first administrator and its AccessKey when the result contains secrets. */
export type ServerAddress = { Address: string } & Partial<Pick<CreatedUser, 'UserName' | 'AccessKey'>>;

const administratorView = fieldsView<ServerAddress>(
  { Address: 'Address', User: 'UserName', 'AccessKey ID': ({ AccessKey }) => AccessKey?.AccessKeyId },
  { 'AccessKey secret': ({ AccessKey }) => AccessKey?.AccessKeySecret },
);

/** Shows only the address, so that a shell can use it, unless there is an AccessKey to show. */
export const serverAddressView: View<ServerAddress> = (server, style) =>
  server.AccessKey?.AccessKeySecret === undefined ? server.Address : administratorView(server, style);
