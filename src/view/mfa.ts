import type { MfaStatus } from '../core/workflows/mfa.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import { ago, date, once, required } from './words.ts';

export const mfaView: View<MfaStatus> = (status, style) =>
  fields(
    [
      ['User', status.UserName],
      ['MFA', status.MFA],
      ...(status.MFA === 'bound' ? [] : ([['At next logon', required(status.MFABindRequired)]] as [string, string][])),
      ['Serial number', status.SerialNumber],
      ['Bound', date(status.ActivateDate, style, '-')],
    ],
    style,
  );

/** A device in a list. */
export interface MfaDeviceRow {
  SerialNumber: string;
  UserName: string | null;
  Status: 'bound' | 'unbound';
  ActivateDate: string | null;
}

export const mfaListView: View<MfaDeviceRow[]> = (devices, style) =>
  list(
    ['Serial number', 'User', 'Status', 'Bound'],
    devices.map((device) => [
      device.SerialNumber,
      device.UserName ?? '-',
      device.Status,
      ago(device.ActivateDate, style, '-'),
    ]),
    style,
    'no MFA devices',
  );

/** What a script is given to bind a device by itself. */
export interface Seed {
  UserName: string;
  SerialNumber: string;
  Base32StringSeed?: string;
  OtpAuthUri?: string;
}

export const seedView: View<Seed> = (seed, style) => {
  const pairs: [string, string][] = [
    ['User', seed.UserName],
    ['Serial number', seed.SerialNumber],
  ];
  if (seed.Base32StringSeed === undefined || seed.OtpAuthUri === undefined) return fields(pairs, style);
  const secret: [string, string][] = [
    ['Key', seed.Base32StringSeed],
    ['URI', seed.OtpAuthUri],
  ];
  return `${fields([...pairs, ...secret], style)}\n${once(style, 'The key is')}`;
};

export const goneDeviceView: View<{ UserName: string; SerialNumber: string | null }> = (gone, style) =>
  fields(
    [
      ['User', gone.UserName],
      ['Serial number', gone.SerialNumber],
    ],
    style,
  );
