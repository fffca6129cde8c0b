/** Returns the candidate that a mistyped name probably means, undefined if none is close. */
export function findSimilarName(name: string, candidates: string[]): string | undefined {
  const typed = normalize(name);
  if (typed.length > 64) return undefined;
  const distances = candidates.map((candidate) => ({ candidate, distance: editDistance(typed, normalize(candidate)) }));
  const [closest] = distances.sort((left, right) => left.distance - right.distance);
  return closest && closest.distance <= Math.ceil(typed.length / 3) ? closest.candidate : undefined;
}

/** Case and separators make no difference: `user_name` means `UserName`. */
function normalize(name: string): string {
  return name.toLowerCase().replace(/[ _-]/g, '');
}

/** Returns how many characters must be inserted, deleted or replaced (Levenshtein distance). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
