/** The colours in use, with chalk's names. */
export type Colours = Record<'bold' | 'dim' | 'green' | 'yellow' | 'red', (text: string) => string>;

const identity = (text: string) => text;

/** Colours that leave a text as it is; they need no library. */
export const NO_COLOURS: Colours = { bold: identity, dim: identity, green: identity, yellow: identity, red: identity };

/** chalk's level of colours; 0 is no colours. */
export type ColourLevel = 0 | 1 | 2 | 3;

export async function loadColours(level: ColourLevel): Promise<Colours> {
  return level === 0 ? NO_COLOURS : new (await import('chalk')).Chalk({ level });
}

/** The properties of the output that the layout depends on. */
export interface Style {
  /** Columns of the terminal; infinite when the output is not a terminal. */
  width: number;
  /** Rows of the terminal; infinite when the output is not a terminal. */
  height: number;
  colour: Colours;
  now: Date;
  /** Whether the data is from a local directory, whose users do not exist in Alibaba Cloud. */
  isLocal: boolean;
  renderTable(rows: string[][]): string;
}

export function isTerminal({ width }: Style): boolean {
  return Number.isFinite(width);
}
