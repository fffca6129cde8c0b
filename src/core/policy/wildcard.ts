/**
 * Compiles a pattern in which `*` stands for any run of characters, also none and also across `/` and `:`, and `?` for
 * exactly one. RAM knows no escapes: neither character can be meant literally. Returns whether a whole text matches.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const wild = pattern.search(/[*?]/);
  if (wild === -1) return (text) => text === pattern;
  if (wild === pattern.length - 1 && pattern.endsWith('*')) {
    const start = pattern.slice(0, -1);
    return (text) => text.startsWith(start);
  }
  return (text) => matchesGlob(pattern, text);
}

/** Goes back to the last `*` alone, which is enough and keeps the time within the product of both lengths. */
function matchesGlob(pattern: string, text: string): boolean {
  let [at, place, afterStar, retry] = [0, 0, 0, 0];
  while (place < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      at += 1;
      afterStar = at;
      retry = place;
    } else if (wanted === '?') {
      at += 1;
      place += characterLength(text, place);
    } else if (wanted === text[place]) {
      at += 1;
      place += 1;
    } else {
      if (afterStar === 0) return false;
      at = afterStar;
      retry += 1;
      place = retry;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** A character is a code point: one outside the basic plane takes two units. */
function characterLength(text: string, place: number): number {
  return (text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1;
}
