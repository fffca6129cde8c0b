import { PNG } from 'pngjs';
import { encodeQrSymbol } from './symbol.ts';

const PIXELS_PER_MODULE = 4;
const GREYSCALE = { colorType: 0, inputColorType: 0, inputHasAlpha: false } as const;

/** Returns a PNG image of the QR code of a text. */
export function renderQrPng(text: string): Buffer {
  const symbol = encodeQrSymbol(text);
  const width = symbol.size * PIXELS_PER_MODULE;
  const png = new PNG({ width, height: width, bitDepth: 8, ...GREYSCALE });
  png.data = Buffer.alloc(width * width, 0xff);
  for (let y = 0; y < width; y++) {
    for (let column = 0; column < symbol.size; column++) {
      if (!symbol.isDark(Math.floor(y / PIXELS_PER_MODULE), column)) continue;
      const start = y * width + column * PIXELS_PER_MODULE;
      png.data.fill(0, start, start + PIXELS_PER_MODULE);
    }
  }
  return PNG.sync.write(png, GREYSCALE);
}
