import type { AccessKey, NewAccessKey, Rotation } from '../core/directory.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';
import { formatAge, formatDate, formatStatus, SHOWN_ONCE } from './phrases.ts';

/** An AccessKey together with the user it belongs to. */
export type OwnedAccessKey = { UserName: string } & AccessKey;
export type OwnedNewAccessKey = { UserName: string } & Omit<NewAccessKey, 'AccessKeySecret'> & {
    AccessKeySecret?: string | undefined;
  };

export const newAccessKeyView: View<OwnedNewAccessKey> = (key, style) => {
  const pairs: [string, string][] = [
    ['User', key.UserName],
    ['AccessKey ID', key.AccessKeyId],
    ['Status', formatStatus(key.Status, style)],
    ['Created', key.CreateDate],
  ];
  if (key.AccessKeySecret === undefined) return renderFields(pairs, style);
  return `${renderFields([...pairs, ['AccessKey Secret', key.AccessKeySecret]], style)}\n${SHOWN_ONCE(style, 'The secret is')}`;
};

export const accessKeyView: View<OwnedAccessKey> = (key, style) =>
  renderFields(
    [
      ['User', key.UserName],
      ['AccessKey ID', key.AccessKeyId],
      ['Status', formatStatus(key.Status, style)],
      ['Created', formatDate(key.CreateDate, style)],
      ['Last used', formatDate(key.LastUsedDate, style)],
    ],
    style,
  );

export const accessKeyListView: View<OwnedAccessKey[]> = (keys, style) =>
  renderList(
    ['AccessKey ID', 'Status', 'Created', 'Last used'],
    keys.map((key) => [
      key.AccessKeyId,
      formatStatus(key.Status, style),
      formatAge(key.CreateDate, style),
      formatAge(key.LastUsedDate, style),
    ]),
    style,
    'no AccessKeys',
  );

/** A key by its id alone. */
export const keyIdView: View<{ UserName: string; AccessKeyId: string }> = ({ UserName, AccessKeyId }, style) =>
  renderFields(
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
  const text = renderFields(
    [
      ['User', rotation.UserName],
      ['Run', rotation.RunId],
      ['State', rotation.State],
      ['Old AccessKey', rotation.OldAccessKeyId],
      ['New AccessKey', rotation.NewAccessKeyId],
      ['Old one due', formatDate(rotation.DueDate, style, '-')],
      ...(secret === undefined ? [] : ([['AccessKey Secret', secret]] as [string, string][])),
    ],
    style,
  );
  return secret === undefined ? text : `${text}\n${SHOWN_ONCE(style, 'The secret is')}`;
};

export const rotationListView: View<Rotation[]> = (rotations, style) =>
  renderList(
    ['User', 'Run', 'State', 'Old AccessKey', 'New AccessKey', 'Old one due'],
    rotations.map((rotation) => [
      rotation.UserName,
      rotation.RunId,
      rotation.State,
      rotation.OldAccessKeyId,
      rotation.NewAccessKeyId,
      formatAge(rotation.DueDate, style, '-'),
    ]),
    style,
    'no rotations',
  );
