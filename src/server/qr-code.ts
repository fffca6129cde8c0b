import { PNG } from 'pngjs';
import QRCode from 'qrcode-terminal/vendor/QRCode/index.js';
import QRErrorCorrectLevel from 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js';
import { defaultDomainOf } from '../core/logon-names.ts';
import { buildOtpAuthUri, ISSUER } from '../core/totp.ts';

const PIXELS_PER_MODULE = 4;
/** The width of the light border (ISO/IEC 18004). */
const QUIET_ZONE_MODULES = 4;

/** Returns a PNG in Base64 that an authenticator app can scan. */
export function createQrCodePng(device: { SerialNumber: string; Base32StringSeed: string }, aliasOrId: string): string {
  const name = device.SerialNumber.slice(device.SerialNumber.lastIndexOf('/') + 1);
  const code = new QRCode(-1, QRErrorCorrectLevel.L);
  code.addData(buildOtpAuthUri(ISSUER, `${name}@${defaultDomainOf(aliasOrId)}`, device.Base32StringSeed));
  code.make();
  const modules = code.getModuleCount();
  const width = (modules + 2 * QUIET_ZONE_MODULES) * PIXELS_PER_MODULE;
  const margin = QUIET_ZONE_MODULES * PIXELS_PER_MODULE;
  const png = new PNG({ width, height: width, colorType: 0, inputColorType: 0, inputHasAlpha: false, bitDepth: 8 });
  png.data = Buffer.alloc(width * width, 0xff);
  for (let y = 0; y < modules * PIXELS_PER_MODULE; y++) {
    for (let column = 0; column < modules; column++) {
      if (!code.isDark(Math.floor(y / PIXELS_PER_MODULE), column)) continue;
      const start = (margin + y) * width + margin + column * PIXELS_PER_MODULE;
      png.data.fill(0, start, start + PIXELS_PER_MODULE);
    }
  }
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false }).toString('base64');
}
