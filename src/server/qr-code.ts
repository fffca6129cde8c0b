import { buildOtpAuthUri } from '../core/totp.ts';
import { renderQrPng } from '../qr/png.ts';

/** Returns a PNG in Base64 that an authenticator app can scan. */
export function createQrCodePng(device: { SerialNumber: string; Base32StringSeed: string }, aliasOrId: string): string {
  const name = device.SerialNumber.slice(device.SerialNumber.lastIndexOf('/') + 1);
  return renderQrPng(buildOtpAuthUri(`${name}@${aliasOrId}`, device.Base32StringSeed)).toString('base64');
}
