import type { CST, Document } from 'yaml';

/** A stack overflow inside a parser can end the process. */
const MAX_DEPTH = 50;

interface YamlOptions {
  /** Whether a repeated member is an error. */
  uniqueKeys: boolean;
  /** The number of words, spaces, punctuation marks and line ends above which `tooLarge` is thrown. */
  maxLexemes: number;
  tooLarge: () => Error;
}

/** Parses the documents of a YAML text, which may be JSON. @throws RangeError if the text is nested too deeply */
export async function composeYaml(
  text: string,
  { uniqueKeys, maxLexemes, tooLarge }: YamlOptions,
): Promise<Document.Parsed[]> {
  const { Composer, Lexer, Parser } = await import('yaml');
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    lexemes += 1;
    if (lexemes > maxLexemes) throw tooLarge();
    if (parser.stack.length > MAX_DEPTH) throw new RangeError();
  }
  tokens.push(...parser.end());
  return [...new Composer({ uniqueKeys }).compose(tokens)];
}
