import type { MFADevice } from '../core/directory.ts';
import type { DeletedDevice, MfaKey, MfaStatus } from '../core/workflows/mfa.ts';
import { date, formatRequired, relativeTime } from './cells.ts';
import { fieldsView, resultListView } from './record-views.ts';

export const mfaView = fieldsView<MfaStatus>({
  User: 'UserName',
  MFA: 'MFA',
  'At next logon': ({ MFA, MFABindRequired }) => (MFA === 'bound' ? undefined : formatRequired(MFABindRequired)),
  'Serial number': 'SerialNumber',
  Bound: date('ActivateDate', '-'),
});

export type MfaDeviceRow = Omit<MFADevice, 'User'> & { UserName: string | null; Status: 'bound' | 'unbound' };

const LIST_MEMBERS = ['SerialNumber', 'UserName', 'Status', 'ActivateDate'];

export const mfaListView = resultListView<MfaDeviceRow>('no MFA devices', LIST_MEMBERS, {
  'Serial number': 'SerialNumber',
  User: 'UserName',
  Status: 'Status',
  Bound: relativeTime('ActivateDate', '-'),
});

/** What a script needs to bind a device without a person. */
export type MfaSeed = Record<'UserName' | 'SerialNumber', string> &
  Partial<Pick<MfaKey, 'Base32StringSeed' | 'OtpAuthUri'>>;

const DEVICE_FIELDS = { User: 'UserName', 'Serial number': 'SerialNumber' } as const;

export const seedView = fieldsView<MfaSeed>(DEVICE_FIELDS, { Key: 'Base32StringSeed', URI: 'OtpAuthUri' });

export const disabledMfaView = fieldsView<Pick<MfaStatus, 'UserName' | 'SerialNumber'>>(DEVICE_FIELDS);

export const deletedDeviceView = fieldsView<DeletedDevice>({
  'Deleted device': 'VirtualMFADeviceName',
  'Serial number': 'SerialNumber',
});
