const COLUMNS = 80;

/**
 * Breaks a text into lines of at most 80 columns, at single spaces and at its own line breaks. `indent` precedes every line
 * but the first.
 */
export function wrapText(text: string, indent: string): string {
  return wrapWords(text.split(/(?<=\S) (?=\S)|\n */), indent, '');
}

/** Breaks a command line before its options into lines of at most 80 columns, so that a shell can still run it. */
export function wrapCommandLine(line: string): string {
  return line.length <= COLUMNS ? line : wrapWords(line.split(/ (?=--)/), '    ', ' \\');
}

function wrapWords([first = '', ...others]: string[], indent: string, lineEnd: string): string {
  const lines = [first];
  for (const word of others) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length + lineEnd.length <= COLUMNS) lines[lines.length - 1] = line;
    else lines.push(`${indent}${word}`);
  }
  return lines.join(`${lineEnd}\n`);
}
