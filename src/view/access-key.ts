import type { AccessKey, NewAccessKey, Rotation } from '../core/directory.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import { ago, date, once, status } from './words.ts';

/** An AccessKey together with the user it belongs to. */
export type OwnedAccessKey = { UserName: string } & AccessKey;
export type OwnedNewAccessKey = { UserName: string } & Omit<NewAccessKey, 'AccessKeySecret'> & {
    AccessKeySecret?: string | undefined;
  };

export const newAccessKeyView: View<OwnedNewAccessKey> = (key, style) => {
  const pairs: [string, string][] = [
    ['User', key.UserName],
    ['AccessKey ID', key.AccessKeyId],
    ['Status', status(key.Status, style)],
    ['Created', key.CreateDate],
  ];
  if (key.AccessKeySecret === undefined) return fields(pairs, style);
  return `${fields([...pairs, ['AccessKey Secret', key.AccessKeySecret]], style)}\n${once(style, 'The secret is')}`;
};

export const accessKeyView: View<OwnedAccessKey> = (key, style) =>
  fields(
    [
      ['User', key.UserName],
      ['AccessKey ID', key.AccessKeyId],
      ['Status', status(key.Status, style)],
      ['Created', date(key.CreateDate, style)],
      ['Last used', date(key.LastUsedDate, style)],
    ],
    style,
  );

export const accessKeyListView: View<OwnedAccessKey[]> = (keys, style) =>
  list(
    ['AccessKey ID', 'Status', 'Created', 'Last used'],
    keys.map((key) => [
      key.AccessKeyId,
      status(key.Status, style),
      ago(key.CreateDate, style),
      ago(key.LastUsedDate, style),
    ]),
    style,
    'no AccessKeys',
  );

/** A key by its id alone. */
export const keyIdView: View<{ UserName: string; AccessKeyId: string }> = ({ UserName, AccessKeyId }, style) =>
  fields(
    [
      ['User', UserName],
      ['AccessKey ID', AccessKeyId],
    ],
    style,
  );

/** A rotation; the new pair occurs in the result of `ak rotate` alone. */
export interface RotationResult extends Rotation {
  AccessKey?: Omit<NewAccessKey, 'AccessKeySecret'> & { AccessKeySecret?: string };
}

export const rotationView: View<RotationResult> = (rotation, style) => {
  const secret = rotation.AccessKey?.AccessKeySecret;
  const text = fields(
    [
      ['User', rotation.UserName],
      ['Run', rotation.RunId],
      ['State', rotation.State],
      ['Old AccessKey', rotation.OldAccessKeyId],
      ['New AccessKey', rotation.NewAccessKeyId],
      ['Old one due', date(rotation.DueDate, style, '-')],
      ...(secret === undefined ? [] : ([['AccessKey Secret', secret]] as [string, string][])),
    ],
    style,
  );
  return secret === undefined ? text : `${text}\n${once(style, 'The secret is')}`;
};

export const rotationListView: View<Rotation[]> = (rotations, style) =>
  list(
    ['User', 'Run', 'State', 'Old AccessKey', 'New AccessKey', 'Old one due'],
    rotations.map((rotation) => [
      rotation.UserName,
      rotation.RunId,
      rotation.State,
      rotation.OldAccessKeyId,
      rotation.NewAccessKeyId,
      ago(rotation.DueDate, style, '-'),
    ]),
    style,
    'no rotations',
  );
