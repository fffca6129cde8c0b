/** The encodings of an imported file. `auto`: by the byte order mark, otherwise UTF-8. */
export const ENCODINGS = ['auto', 'utf-8', 'utf-16', 'gb18030'] as const;
export type Encoding = (typeof ENCODINGS)[number];
