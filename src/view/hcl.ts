import { isObject } from '../core/is-object.ts';
import { replaceUnsafeCharacters } from '../core/unsafe-characters.ts';

/*
 * Text in Terraform's configuration language, laid out as `terraform fmt` does
 * (https://developer.hashicorp.com/terraform/language/syntax/configuration, HCL native syntax specification).
 */

/** The name of an attribute and its expression, which can have several lines. */
export type Attribute = readonly [name: string, expression: string];

const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Returns a text as a quoted expression. `${` and `%{` start no template, and characters that mislead a reader are escaped. */
export function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[$%](?=\{)/g, '$&$&');
  return `"${replaceUnsafeCharacters(escaped, (character) => ESCAPES[character] ?? unicodeEscape(character))}"`;
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function raw(value: number | boolean): string {
  return String(value);
}

/** Returns a document as the argument of `jsonencode`, and a text that is not JSON as a quoted expression. */
export function documentExpression(document: string): string {
  try {
    return `jsonencode(${jsonExpression(JSON.parse(document))})`;
  } catch {
    return quote(document);
  }
}

function jsonExpression(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${indent(jsonExpression(item))},`).join('\n')}\n]`;
  }
  if (isObject(value)) return mapExpression(Object.entries(value).map(([key, item]) => [key, jsonExpression(item)]));
  return typeof value === 'string' ? quote(value) : String(value);
}

/** Returns a map or an object. The values are expressions. */
export function mapExpression(entries: Attribute[]): string {
  if (entries.length === 0) return '{}';
  return `{\n${indent(formatAttributes(entries.map(([key, value]) => [quote(key), value])))}\n}`;
}

/** Returns a block with attributes and the lines of nested blocks. */
export function formatBlock(heading: string, attributes: Attribute[], nested: string[] = []): string {
  const body = [formatAttributes(attributes), ...(nested.length > 0 ? ['', ...nested] : [])].join('\n');
  return `${heading} {\n${indent(body)}\n}`;
}

/** Aligns the equals signs of consecutive attributes up to the next one that has several lines. */
function formatAttributes(attributes: Attribute[]): string {
  const lines: string[] = [];
  let group: Attribute[] = [];
  const closeGroup = () => {
    const width = Math.max(0, ...group.map(([name]) => name.length));
    lines.push(...group.map(([name, expression]) => `${name.padEnd(width)} = ${expression}`));
    group = [];
  };
  for (const attribute of attributes) {
    const isMultiLine = attribute[1].includes('\n');
    if (isMultiLine) closeGroup();
    group.push(attribute);
    if (isMultiLine) closeGroup();
  }
  closeGroup();
  return lines.join('\n');
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
