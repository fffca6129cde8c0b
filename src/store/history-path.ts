/** The history file of a directory file. */
export function historyPathOf(path: string): string {
  return `${path.replace(/\.json$/, '')}.history.jsonl`;
}
