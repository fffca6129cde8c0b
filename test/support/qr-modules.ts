import { PNG } from 'pngjs';
import QRCode from 'qrcode-terminal/vendor/QRCode/index.js';
import QRErrorCorrectLevel from 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js';

/** The width of the light border around a QR code, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/** The rows of the QR code of a text with its light border; `#` is a dark module, `.` a light one. */
export function encodeQrModules(text: string): string[] {
  const code = new QRCode(-1, QRErrorCorrectLevel.L);
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const positions = Array.from({ length: count + 2 * QUIET_ZONE }, (_, position) => position - QUIET_ZONE);
  const isInside = (position: number) => position >= 0 && position < count;
  return positions.map((row) =>
    positions.map((column) => (isInside(row) && isInside(column) && code.isDark(row, column) ? '#' : '.')).join(''),
  );
}

/**
 * The rows of a QR code in a base64 PNG image with `side` modules a side; `?` is a module of two colours.
 * @throws if the image is not square or a pixel is not black or white
 */
export function readQrModules(base64: string, side: number): string[] {
  const { width, height, data } = PNG.sync.read(Buffer.from(base64, 'base64'));
  const scale = width / side;
  if (width !== height || !Number.isInteger(scale)) throw new Error(`${width} by ${height} for ${side} modules`);
  const rows = Array.from({ length: side }, () => Array<number>(side).fill(0));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = rows[Math.floor(y / scale)];
      const column = Math.floor(x / scale);
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * (y * width + x));
      const isBlack = red + green + blue === 0;
      if (alpha !== 255 || (!isBlack && red + green + blue !== 765)) throw new Error(`grey at ${x}, ${y}`);
      if (row && isBlack) row[column] = (row[column] ?? 0) + 1;
    }
  }
  return rows.map((row) => row.map((black) => (black === 0 ? '.' : black === scale * scale ? '#' : '?')).join(''));
}
