import { BlockList } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkDocument } from '../../../src/core/policy/check.ts';
import type { PolicyDocument } from '../../../src/core/policy/document.ts';
import { compilePolicy, evaluatePolicies, type PolicyRequest } from '../../../src/core/policy/evaluate.ts';
import { isInBlock, parseCidrBlock, parseIpAddress } from '../../../src/core/policy/ip-address.ts';
import { compileWildcard } from '../../../src/core/policy/wildcard.ts';
import { actionPattern, document, documents, oneOrMany, request, statement, statementOf } from './random-policies.ts';
import { policy } from './samples.ts';

const RANK = { ExplicitDeny: 0, ImplicitDeny: 1, Allow: 2 };
const decide = (policies: PolicyDocument[], asked: PolicyRequest) =>
  evaluatePolicies(policies.map(compilePolicy), asked).Decision;

it('never allows more after a Deny is added', () => {
  const denyStatement = statementOf(fc.constant('Deny'));
  fc.assert(
    fc.property(documents, denyStatement, request, (policies, extra, asked) => {
      const [before, after] = [decide(policies, asked), decide([...policies, policy(extra)], asked)];
      expect(after === 'ExplicitDeny' || after === before).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('never denies more after an Allow is added', () => {
  const allowStatement = statementOf(fc.constant('Allow'));
  fc.assert(
    fc.property(documents, allowStatement, request, (policies, extra, asked) => {
      const [before, after] = [decide(policies, asked), decide([...policies, policy(extra)], asked)];
      expect(RANK[after]).toBeGreaterThanOrEqual(RANK[before]);
      if (before === 'ExplicitDeny') expect(after).toBe(before);
    }),
    { numRuns: 200 },
  );
});

it('decides independently of the order of statements and of their division into policies', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), request, (statements, asked) => {
      const whole = decide([policy(...statements)], asked);
      expect(decide([policy(...statements.toReversed())], asked)).toBe(whole);
      expect(
        decide(
          statements.toReversed().map((each) => policy(each)),
          asked,
        ),
      ).toBe(whole);
    }),
    { numRuns: 200 },
  );
});

it('matches exactly the statements that cause the same decision on their own', () => {
  fc.assert(
    fc.property(document, request, (whole, asked) => {
      const { Decision, Matched } = evaluatePolicies([compilePolicy(whole)], asked);
      const single = whole.Statement.map((each) => decide([policy(each)], asked));
      const expected = single.flatMap((each, index) =>
        each === Decision && each !== 'ImplicitDeny' ? [{ policyIndex: 0, Statement: index + 1 }] : [],
      );
      expect(Matched).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('matches an action either by Action or by NotAction', () => {
  fc.assert(
    fc.property(oneOrMany(actionPattern), request, (actions, asked) => {
      const rest = { Effect: 'Allow', Resource: '*' } as const;
      const outcomes = [
        { ...rest, Action: actions },
        { ...rest, NotAction: actions },
      ].map((each) => decide([policy(each)], asked));
      expect(outcomes.sort()).toEqual(['Allow', 'ImplicitDeny']);
    }),
  );
});

it('accepts every generated document on one line and on many lines, with the same decisions', async () => {
  await fc.assert(
    fc.asyncProperty(document, request, async (original, asked) => {
      for (const text of [JSON.stringify(original), JSON.stringify(original, null, '\t')]) {
        const check = await checkDocument(text);
        expect(check.findings.filter(({ Severity }) => Severity === 'Error')).toEqual([]);
        expect(check.document && decide([check.document], asked)).toBe(decide([original], asked));
      }
    }),
    { numRuns: 120 },
  );
});

it('refuses a document with one error', async () => {
  const errors = fc.constantFrom<object>(
    { Effect: 'ALLOW' },
    { Effect: undefined },
    { Action: undefined, NotAction: undefined },
    { Action: '*', NotAction: '*' },
    { Action: [], NotAction: undefined },
    { Action: 'ecs Get', NotAction: undefined },
    { Resource: undefined },
    { Resource: 'ecs:*' },
    { Principal: '*' },
    { Sid: 'x' },
    { Condition: { Like: { k: 'v' } } },
    { Condition: { Bool: { k: 'v' } } },
  );
  await fc.assert(
    fc.asyncProperty(document, statement, errors, fc.nat(), async (valid, extra, error, at) => {
      const statements = valid.Statement.toSpliced(at % (valid.Statement.length + 1), 0, { ...extra, ...error });
      expect((await checkDocument(JSON.stringify(policy(...statements)))).document).toBeUndefined();
    }),
  );
});

it('checks any text without throwing and agrees with JSON.parse about what is JSON', async () => {
  const snippets = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u12',
    '//',
    '/*',
    '-',
    '0',
    '1.',
    'e5',
    'null',
    '\n',
    '\t',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom(...snippets, '"a"', '"Version"', '"Statement"', '"1"'), { maxLength: 12 })
      .map((all) => all.join('')),
    fc.json(),
    fc
      .tuple(
        document.map((each) => JSON.stringify(each)),
        fc.nat(),
        fc.constantFrom('', ...snippets),
      )
      .map(([whole, at, junk]) => whole.slice(0, at % whole.length) + junk + whole.slice((at % whole.length) + 1)),
  );
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      const { document: valid, findings } = await checkDocument(text);
      if (!valid) expect(findings).not.toEqual([]);
      if (findings.some(({ Message }) => Message.startsWith('control'))) return;
      const isJson = findings.every(({ Message }) => !Message.startsWith('this is not JSON'));
      expect(isJson).toBe(isJsonText(text));
      const lines = text.split('\n');
      for (const { Line, Column } of findings) expect(lines[Line - 1]?.length).toBeGreaterThanOrEqual(Column - 1);
    }),
    { numRuns: 400 },
  );
});

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

it('matches patterns like the equivalent regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/', '😀', '\n'), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '😀', '*', '?'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, letters, (pattern, text) => {
      const expression = pattern.replaceAll('?', '.').replaceAll('*', '.*');
      expect(compileWildcard(pattern)(text)).toBe(new RegExp(`^${expression}$`, 'su').test(text));
    }),
    { numRuns: 700 },
  );
});

it('finds an address in a block exactly when the BlockList of Node does', () => {
  const replaceLastGroup = (address: string, tail: string) => address.replace(/[^.:]+$/, tail);
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), fc.nat(255), fc.ipV4(), (base, bits, last, other) => {
      const family = base.includes(':') ? 'ipv6' : 'ipv4';
      const prefix = family === 'ipv6' ? bits : bits % 33;
      const blockList = new BlockList();
      blockList.addSubnet(base, prefix, family);
      const block = parseCidrBlock(`${base}/${prefix}`);
      for (const text of [base, replaceLastGroup(base, String(last)), family === 'ipv4' ? other : '2001:db8::1']) {
        const address = parseIpAddress(text);
        expect(address && block && isInBlock(address, block)).toBe(blockList.check(text, family));
      }
    }),
    { numRuns: 400 },
  );
});
