/** Splits a command line into arguments like a shell. Supports quotes, no other shell syntax. */
export function splitWords(line: string): string[] {
  return Array.from(line.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g), ([word]) => word.replace(/["']/g, ''));
}
