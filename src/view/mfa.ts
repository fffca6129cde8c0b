import type { MfaStatus } from '../core/workflows/mfa.ts';
import type { View } from './format.ts';
import { renderFields, renderList } from './layout.ts';
import { formatAge, formatDate, formatRequired, SHOWN_ONCE } from './phrases.ts';

export const mfaView: View<MfaStatus> = (status, style) =>
  renderFields(
    [
      ['User', status.UserName],
      ['MFA', status.MFA],
      ...(status.MFA === 'bound'
        ? []
        : ([['At next logon', formatRequired(status.MFABindRequired)]] as [string, string][])),
      ['Serial number', status.SerialNumber],
      ['Bound', formatDate(status.ActivateDate, style, '-')],
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
  renderList(
    ['Serial number', 'User', 'Status', 'Bound'],
    devices.map((device) => [
      device.SerialNumber,
      device.UserName ?? '-',
      device.Status,
      formatAge(device.ActivateDate, style, '-'),
    ]),
    style,
    'no MFA devices',
  );

/** What a script is given to bind a device by itself. */
export interface MfaSeed {
  UserName: string;
  SerialNumber: string;
  Base32StringSeed?: string;
  OtpAuthUri?: string;
}

export const seedView: View<MfaSeed> = (seed, style) => {
  const pairs: [string, string][] = [
    ['User', seed.UserName],
    ['Serial number', seed.SerialNumber],
  ];
  if (seed.Base32StringSeed === undefined || seed.OtpAuthUri === undefined) return renderFields(pairs, style);
  const secret: [string, string][] = [
    ['Key', seed.Base32StringSeed],
    ['URI', seed.OtpAuthUri],
  ];
  return `${renderFields([...pairs, ...secret], style)}\n${SHOWN_ONCE(style, 'The key is')}`;
};

export const deletedDeviceView: View<{ UserName: string; SerialNumber: string | null }> = (gone, style) =>
  renderFields(
    [
      ['User', gone.UserName],
      ['Serial number', gone.SerialNumber],
    ],
    style,
  );
