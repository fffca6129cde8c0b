/** Returns a name without the differences in spelling that do not matter in options: case, spaces, `_` and `-`. */
export function foldSpelling(name: string): string {
  return name.toLowerCase().replace(/[ _-]/g, '');
}
