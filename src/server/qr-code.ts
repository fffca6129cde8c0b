import { shortLogonName } from '../core/logon-names.ts';
import { buildOtpAuthUri } from '../core/totp.ts';
import { renderQrPng } from '../qr/png.ts';

/** Returns a PNG in Base64 that an authenticator app can scan. */
export function createQrCodePng(
  device: { SerialNumber: string; Base32StringSeed: string },
  defaultDomain: string,
): string {
  const name = device.SerialNumber.slice(device.SerialNumber.lastIndexOf('/') + 1);
  const account = shortLogonName(`${name}@${defaultDomain}`);
  return renderQrPng(buildOtpAuthUri(account, device.Base32StringSeed)).toString('base64');
}
