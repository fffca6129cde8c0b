/**
 * Compiles a pattern to a test of a whole text. `*` matches any number of characters, `/` and `:` included; `?` matches
 * exactly one character. RAM has no escapes: a pattern cannot contain a literal `*` or `?`.
 */
export function compileWildcard(pattern: string): (text: string) => boolean {
  if (pattern.includes('?')) {
    const beginning = pattern.slice(0, pattern.search(/[*?]/));
    return (text) => text.startsWith(beginning) && matchesWildcard(pattern, text);
  }
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return (text) => text === pattern;
  if (parts.length === 0 && last === '') return (text) => text.startsWith(first);
  return (text) => text.startsWith(first) && text.endsWith(last) && hasParts(text, parts, first.length, last.length);
}

/**
 * Whether a text has these parts in this order, after its first `start` characters and before its last `end` characters. The
 * search takes the first place of each part, which leaves the most characters for the next parts.
 */
function hasParts(text: string, parts: string[], start: number, end: number): boolean {
  let next = start;
  for (const part of parts) {
    const index = text.indexOf(part, next);
    if (index === -1) return false;
    next = index + part.length;
  }
  return next <= text.length - end;
}

/** Backtracks only to the last `*`, which is sufficient and limits the time to the product of both lengths. */
function matchesWildcard(pattern: string, text: string): boolean {
  let [patternIndex, textIndex, afterStar, retryIndex] = [0, 0, 0, 0];
  while (textIndex < text.length) {
    const symbol = pattern[patternIndex];
    if (symbol === '*') {
      patternIndex += 1;
      afterStar = patternIndex;
      retryIndex = textIndex;
    } else if (symbol === '?') {
      patternIndex += 1;
      // A code point outside the basic plane has two UTF-16 units.
      textIndex += (text.codePointAt(textIndex) ?? 0) > 0xffff ? 2 : 1;
    } else if (symbol === text[textIndex]) {
      patternIndex += 1;
      textIndex += 1;
    } else {
      if (afterStar === 0) return false;
      patternIndex = afterStar;
      retryIndex += 1;
      textIndex = retryIndex;
    }
  }
  while (pattern[patternIndex] === '*') patternIndex += 1;
  return patternIndex === pattern.length;
}

/** Whether two patterns can match the same name. Two patterns with wildcards are assumed to overlap. */
export function canOverlap(left: string, right: string): boolean {
  return compileWildcard(left)(right) || compileWildcard(right)(left) || (/[*?]/.test(left) && /[*?]/.test(right));
}
