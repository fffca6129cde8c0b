import type { AccessKey, Rotation } from '../core/directory.ts';
import type { CreatedKey } from '../core/workflows/provision.ts';
import { date, relativeTime, status } from './cells.ts';
import { fieldsView, listView, resultListView } from './record-views.ts';

/** An AccessKey with the user it belongs to. */
export type OwnedAccessKey = { UserName: string } & AccessKey;
export type OwnedNewAccessKey = { UserName: string } & CreatedKey;

/** A rotation. Only the result of `ak rotate` contains the new AccessKey. */
export type RotationResult = Rotation & { AccessKey?: CreatedKey };

const ID_FIELDS = { User: 'UserName', 'AccessKey ID': 'AccessKeyId' } as const;

export const keyIdView = fieldsView<{ UserName: string; AccessKeyId: string }>(ID_FIELDS);

export const newAccessKeyView = fieldsView<OwnedNewAccessKey>(
  { ...ID_FIELDS, Status: status, Created: 'CreateDate' },
  { 'AccessKey Secret': 'AccessKeySecret' },
);

export const accessKeyView = fieldsView<OwnedAccessKey>({
  ...ID_FIELDS,
  Status: status,
  Created: date('CreateDate'),
  'Last used': date('LastUsedDate'),
});

const KEY_COLUMNS = {
  'AccessKey ID': 'AccessKeyId',
  Status: status,
  Created: relativeTime('CreateDate'),
  'Last used': relativeTime('LastUsedDate'),
} as const;

export const accessKeyListView = listView<AccessKey>('no AccessKeys', KEY_COLUMNS);

const OWNED_KEY_MEMBERS = ['UserName', 'AccessKeyId', 'Status', 'CreateDate', 'LastUsedDate'];

export const ownedKeyListView = resultListView<OwnedAccessKey>('no AccessKeys', OWNED_KEY_MEMBERS, {
  User: 'UserName',
  ...KEY_COLUMNS,
});

const ROTATION_FIELDS = {
  User: 'UserName',
  Run: 'RunId',
  State: 'State',
  'Old AccessKey': 'OldAccessKeyId',
  'New AccessKey': 'NewAccessKeyId',
} as const;

export const rotationView = fieldsView<RotationResult>(
  { ...ROTATION_FIELDS, 'Due date': date('DueDate', '-') },
  { 'AccessKey Secret': ({ AccessKey }) => AccessKey?.AccessKeySecret },
);

const ROTATION_MEMBERS = ['UserName', 'RunId', 'State', 'OldAccessKeyId', 'NewAccessKeyId', 'DueDate'];

export const rotationListView = resultListView<Rotation>('no rotations', ROTATION_MEMBERS, {
  ...ROTATION_FIELDS,
  'Due date': relativeTime('DueDate', '-'),
});
