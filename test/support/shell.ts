/** The words of a command line as a shell splits them, for lines with plain words and quotes only. */
export function splitWords(line: string): string[] {
  return Array.from(line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g), ([word]) => word.replace(/["']/g, ''));
}
