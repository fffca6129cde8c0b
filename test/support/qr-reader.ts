import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import type { Cell, Screen } from './screen.ts';

type Grey = number;
/** The default colours of a terminal. */
interface Scheme {
  foreground: Grey;
  background: Grey;
}

/** A terminal with a light and one with a dark background. */
export const SCHEMES: [name: string, Scheme][] = [
  ['light', { foreground: 0x22, background: 0xee }],
  ['dark', { foreground: 0xcc, background: 0x11 }],
];

/** The colours of the 256-colour palette that tests know. */
const PALETTE: Record<string, Grey | undefined> = { '5;16': 0, '5;231': 255 };
/** Pixels of a side of a module. A cell is one module wide and two high. */
const SCALE = 4;

/** Returns the text of the QR code that a reader finds on the visible screen; undefined if it finds none. */
export function decodeScreen(screen: Screen, scheme: Scheme): string | undefined {
  const width = screen.columns * SCALE;
  const height = screen.rows * 2 * SCALE;
  const { cells } = screen;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const cell = cells[Math.floor(y / (2 * SCALE))]?.[Math.floor(x / SCALE)];
      const grey = colourOf(cell ?? { text: ' ' }, y % (2 * SCALE) < SCALE, x % 2 === 0, scheme);
      pixels.fill(grey, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decode(pixels, width, height);
}

/** The colour of a pixel of a cell. Letters are drawn as stripes. */
function colourOf({ text, foreground, background }: Cell, isUpper: boolean, isStripe: boolean, scheme: Scheme): Grey {
  const isInk: Record<string, boolean | undefined> = { ' ': false, '█': true, '▀': isUpper, '▄': !isUpper };
  if (isInk[text] ?? isStripe) return foreground === undefined ? scheme.foreground : greyOf(foreground);
  return background === undefined ? scheme.background : greyOf(background);
}

function greyOf(colour: string): Grey {
  const grey = PALETTE[colour];
  if (grey === undefined) throw new Error(`unknown colour ${colour}`);
  return grey;
}

/** Returns the text of the QR code in a PNG image; undefined if a reader finds none. */
export function decodePng(png: Uint8Array): string | undefined {
  const { data, width, height } = PNG.sync.read(Buffer.from(png));
  return decode(new Uint8ClampedArray(data), width, height);
}

/** The reader also finds inverted codes by default, but many phones do not. */
function decode(pixels: Uint8ClampedArray, width: number, height: number): string | undefined {
  return jsQR.default(pixels, width, height, { inversionAttempts: 'dontInvert' })?.data;
}
