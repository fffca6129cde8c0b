import { PNG } from 'pngjs';
import QRCode from 'qrcode-terminal/vendor/QRCode/index.js';
import QRErrorCorrectLevel from 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js';
import { defaultDomainOf } from '../core/account.ts';
import { buildOtpAuthUri } from '../core/totp.ts';

/** Pixels of a module, and modules of the light border (ISO/IEC 18004). */
const PIXELS_PER_MODULE = 4;
const QUIET_ZONE_MODULES = 4;
const ISSUER = 'Alibaba Cloud';

/** What an authenticator app has to know of a device, as a PNG in Base64. */
export function createQrCodePng(device: { SerialNumber: string; Base32StringSeed: string }, aliasOrId: string): string {
  const name = device.SerialNumber.slice(device.SerialNumber.lastIndexOf('/') + 1);
  const code = new QRCode(-1, QRErrorCorrectLevel.L);
  code.addData(buildOtpAuthUri(ISSUER, `${name}@${defaultDomainOf(aliasOrId)}`, device.Base32StringSeed));
  code.make();
  const modules = code.getModuleCount();
  const width = (modules + 2 * QUIET_ZONE_MODULES) * PIXELS_PER_MODULE;
  const png = new PNG({ width, height: width, colorType: 0, inputColorType: 0, inputHasAlpha: false, bitDepth: 8 });
  const pixels = Buffer.alloc(width * width, 0xff);
  for (let row = 0; row < modules * PIXELS_PER_MODULE; row++) {
    for (let column = 0; column < modules * PIXELS_PER_MODULE; column++) {
      const isDark = code.isDark(Math.floor(row / PIXELS_PER_MODULE), Math.floor(column / PIXELS_PER_MODULE));
      if (isDark)
        pixels[
          (row + QUIET_ZONE_MODULES * PIXELS_PER_MODULE) * width + column + QUIET_ZONE_MODULES * PIXELS_PER_MODULE
        ] = 0;
    }
  }
  png.data = pixels;
  return PNG.sync.write(png, { colorType: 0, inputColorType: 0, inputHasAlpha: false }).toString('base64');
}
