import QRCode from 'qrcode-terminal/vendor/QRCode/index.js';
import QRErrorCorrectLevel from 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js';

/** Light modules around the symbol, as ISO/IEC 18004 requires. Cameras need them. */
const QUIET_ZONE = 4;

/** A QR code with its light border. */
export interface QrSymbol {
  /** The number of modules of a side. */
  size: number;
  isDark(row: number, column: number): boolean;
}

/** Returns the smallest QR code for a text. The error correction is low, because a screen has no damaged parts. */
export function encodeQrSymbol(text: string): QrSymbol {
  const code = new QRCode(-1, QRErrorCorrectLevel.L);
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const isInside = (position: number) => position >= QUIET_ZONE && position < count + QUIET_ZONE;
  return {
    size: count + 2 * QUIET_ZONE,
    isDark: (row, column) => isInside(row) && isInside(column) && code.isDark(row - QUIET_ZONE, column - QUIET_ZONE),
  };
}
