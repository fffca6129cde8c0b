import type { CreateUserInput } from '../core/directory.ts';
import { foldSpelling } from '../core/spelling.ts';
import { USER_COLUMNS } from '../core/workflows/row-problems.ts';

/** One user of a file. */
export interface UserRow extends CreateUserInput {
  Console: boolean;
  AccessKey: boolean;
  Password?: string;
  PasswordReset?: boolean;
  MFA?: boolean;
  Groups: string[];
  Policies: string[];
}

type Column = (typeof USER_COLUMNS)[number];

interface ColumnType {
  /** Completes the sentence "<column> must be …". */
  expected: string;
  /** Returns undefined for an invalid value. */
  parse(value: unknown): string | string[] | boolean | undefined;
}

const TEXT: ColumnType = {
  expected: 'text; put it in quotes if it looks like a number, a boolean or a date',
  parse: (value) => (typeof value === 'string' ? value : undefined),
};
const MOBILE_PHONE: ColumnType = {
  expected: TEXT.expected,
  parse: (value) => (typeof value === 'string' ? toRamPhoneNumber(value) : undefined),
};
const NAME_LIST: ColumnType = { expected: 'a list of names, or text with ; between the names', parse: parseNameList };
const BOOLEAN_KEYWORDS = { true: true, false: false, yes: true, no: false, 1: true, 0: false };
const BOOLEAN = createKeywordType(BOOLEAN_KEYWORDS);
const REQUIREMENT_KEYWORDS = { required: true, 'not-required': false, ...BOOLEAN_KEYWORDS };
const REQUIREMENT = createKeywordType(REQUIREMENT_KEYWORDS);
/** The last two are values of `user list`. */
const MFA_REQUIREMENT = createKeywordType({ ...REQUIREMENT_KEYWORDS, bound: true, none: false });

export const COLUMN_TYPES: Record<Column, ColumnType> = {
  UserName: TEXT,
  DisplayName: TEXT,
  Comments: TEXT,
  Email: TEXT,
  MobilePhone: MOBILE_PHONE,
  Console: BOOLEAN,
  AccessKey: BOOLEAN,
  Password: TEXT,
  PasswordReset: REQUIREMENT,
  MFA: MFA_REQUIREMENT,
  Groups: NAME_LIST,
  Policies: NAME_LIST,
};

/**
 * Other names of the columns: those of the RAM console (RAM help, "Create a RAM user", in Chinese and English) and
 * their usual short forms.
 */
const OTHER_NAMES: Record<Column, string> = {
  UserName: '登录名称 用户登录名称 登录名 用户名 用户名称 账号 LogonName',
  DisplayName: '显示名称 显示名 姓名',
  Comments: '备注 描述 Comment',
  Email: '邮箱 电子邮箱 邮箱地址 电子邮件 EmailAddress',
  MobilePhone: '手机号 手机号码 手机 移动电话 MobilePhoneNumber',
  Console: '控制台登录 控制台访问 启用控制台登录 ConsoleAccess ConsoleLogon',
  AccessKey: 'OpenAPI调用访问 编程访问 访问密钥 AccessKey访问 OpenAPIAccess',
  Password: '密码 登录密码 控制台登录密码 控制台密码 LogonPassword',
  PasswordReset: '密码重置 密码重置策略 重置密码 需要重置密码',
  MFA: '多因素认证 多因素认证MFA 多因素认证MFA策略 MFA策略',
  Groups: '用户组 所属用户组 Group',
  Policies: '权限 权限策略 授权策略 Policy',
};

/** Columns of `user list` that an import ignores: a new user gets other values, or none. */
const IGNORED_COLUMNS = ['UserId', 'UserPrincipalName', 'AccessKeys', 'CreateDate', 'LastLoginDate'] as const;
type IgnoredColumn = (typeof IGNORED_COLUMNS)[number];

const COLUMN_BY_NAME = new Map<string, Column | IgnoredColumn>([
  ...IGNORED_COLUMNS.map((name) => [normalizeName(name), name] as const),
  ...USER_COLUMNS.flatMap((column) =>
    [column, ...OTHER_NAMES[column].split(' ')].map((name) => [normalizeName(name), column] as const),
  ),
]);

/** Returns a name in lower case without spaces, underscores, hyphens and parentheses, also full-width ones. */
function normalizeName(name: string): string {
  return foldSpelling(name.normalize('NFKC').replace(/[\s()]/g, ''));
}

/**
 * Returns the column of each name of a header or a record, undefined for unknown names. Upper and lower case,
 * separators and the language make no difference. Without a user name, `UserPrincipalName` is the user name.
 */
export function findColumns(names: string[]): (Column | IgnoredColumn | undefined)[] {
  const columns = names.map((name) => COLUMN_BY_NAME.get(normalizeName(name)));
  if (columns.includes('UserName')) return columns;
  return columns.map((column) => (column === 'UserPrincipalName' ? 'UserName' : column));
}

export function isIgnored(column: Column | IgnoredColumn): column is IgnoredColumn {
  return (IGNORED_COLUMNS as readonly string[]).includes(column);
}

function createKeywordType(keywords: Record<string, boolean>): ColumnType {
  const values = new Map([...Object.entries(keywords), ['是', true] as const, ['否', false] as const]);
  return {
    expected: `one of ${Object.keys(keywords).join(', ')}`,
    parse: (value) => (typeof value === 'object' ? undefined : values.get(String(value).trim().toLowerCase())),
  };
}

function parseNameList(value: unknown): string[] | undefined {
  const names: unknown = typeof value === 'string' ? value.split(/[;\uff1b]/) : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return undefined;
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

/** Returns a number such as `+86 13800000000` in RAM's format, `86-13800000000`. Other text is returned as it is. */
function toRamPhoneNumber(text: string): string {
  return text
    .trim()
    .replace(/^\+?(86)[ -]?(1\d{10})$/, '$1-$2')
    .replace(/^\+(?=\d+-\d+$)/, '');
}
