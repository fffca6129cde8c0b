/** Returns whether two policy documents differ in their format at most. */
export function isSameDocument(left: string, right: string): boolean {
  return normalize(left) === normalize(right);
}

function normalize(document: string): string {
  try {
    return JSON.stringify(JSON.parse(document));
  } catch {
    return document;
  }
}
