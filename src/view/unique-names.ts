/** Gives names that differ from each other, within a namespace. */
export class UniqueNames {
  readonly #used = new Set<string>();

  /** Returns the name, followed by `_2`, `_3` and so on if it was returned before for the same namespace. */
  take(name: string, namespace = ''): string {
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? name : `${name}_${number}`;
      const key = `${namespace} ${candidate}`;
      if (this.#used.has(key)) continue;
      this.#used.add(key);
      return candidate;
    }
  }
}
