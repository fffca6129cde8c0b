import { PNG } from 'pngjs';
import QRCode from 'qrcode-terminal/vendor/QRCode/index.js';
import QRErrorCorrectLevel from 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js';

/** Light modules around the symbol (ISO/IEC 18004). */
const QUIET = 4;

/** The modules of a text's QR code with the light ones around them, row by row: `#` is dark. */
export function encodeQrModules(text: string): string[] {
  const code = new QRCode(-1, QRErrorCorrectLevel.L);
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const places = Array.from({ length: count + 2 * QUIET }, (_, place) => place - QUIET);
  const isInside = (place: number) => place >= 0 && place < count;
  return places.map((row) =>
    places.map((column) => (isInside(row) && isInside(column) && code.isDark(row, column) ? '#' : '.')).join(''),
  );
}

/** The same as a picture of so many modules a side shows it. @throws when a module is not all black or all white */
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
