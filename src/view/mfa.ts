import type { Enrolment, MfaStatus } from '../core/journeys/mfa.ts';
import type { View } from './format.ts';
import { fields, list } from './layout.ts';
import { qr } from './qr.ts';
import { isTerminal } from './style.ts';
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

/** What a person needs to add a device to an authenticator app: a picture if the terminal is wide enough, text always. */
export const enrolmentView: View<Enrolment> = (enrolment, style) => {
  const { lines, width } = qr(enrolment.OtpAuthUri);
  const text = fields(
    [
      ['Account', enrolment.Account],
      ['Issuer', enrolment.Issuer],
      ['Key', grouped(enrolment.Base32StringSeed, style.width)],
      ['Kind', 'time-based, 6 digits, 30 seconds'],
    ],
    style,
  );
  const picture = isTerminal(style) && width <= style.width ? [...lines, ''] : [];
  return [...picture, text].join('\n');
};

/** In groups of four, as many a line as the terminal has room for. */
function grouped(seed: string, width: number): string {
  const groups = seed.match(/.{1,4}/g) ?? [];
  const perLine = Math.max(1, Math.min(8, Math.floor((width - 9) / 5)));
  const lines: string[] = [];
  for (let start = 0; start < groups.length; start += perLine) {
    lines.push(groups.slice(start, start + perLine).join(' '));
  }
  return lines.join('\n');
}

export const goneDeviceView: View<{ UserName: string; SerialNumber: string | null }> = (gone, style) =>
  fields(
    [
      ['User', gone.UserName],
      ['Serial number', gone.SerialNumber],
    ],
    style,
  );
