import { stripUnsafeCharacters } from '../core/unsafe-characters.ts';
import type { CreatedUser } from '../core/workflows/provision.ts';
import type { View } from './format.ts';
import { COLUMN_GAP, columnWidths } from './plain-table.ts';
import { listView } from './record-views.ts';
import type { Style } from './style.ts';

const importListView = listView<CreatedUser>('', {
  User: 'UserName',
  'Display name': 'DisplayName',
  Console: ({ LoginProfile }) => LoginProfile !== null,
  AccessKey: ({ AccessKey }) => AccessKey !== undefined,
  Groups: ({ Groups }) => Groups.length,
  Policies: ({ Policies }) => Policies.length,
});

/**
 * Shows imported users, one line for each. The line after them says where the secrets are. `destination` is the sink
 * to which secrets were delivered, undefined for stdout or without secrets.
 */
export function importedUsersView(destination?: string): View<CreatedUser | CreatedUser[]> {
  return (value, style) => {
    const users = [value].flat();
    if (users.some((user) => readSecrets(user).some(([, secret]) => secret !== undefined))) {
      return `${renderSecrets(users, style)}\n${style.colour.yellow('Secrets are shown only once. Store them now.')}`;
    }
    const table = importListView(users, style);
    return destination ? `${table}\nThe secrets were written to ${stripUnsafeCharacters(destination)}` : table;
  };
}

type UserSecrets = Pick<CreatedUser, 'UserName' | 'Password' | 'AccessKey'>;

function readSecrets({ Password, AccessKey }: UserSecrets): [label: string, secret: string | undefined][] {
  const { AccessKeyId, AccessKeySecret } = AccessKey ?? {};
  return [
    ['Password', Password],
    ['AccessKey ID', AccessKeySecret && AccessKeyId],
    ['AccessKey Secret', AccessKeySecret],
  ];
}

/** Shows each user with the secrets on one line if the lines fit, otherwise each secret on one line. Cuts nothing. */
export function renderSecrets(users: UserSecrets[], { width, colour, renderTable }: Style): string {
  const rows = users.map((user) => ({ name: user.UserName, secrets: readSecrets(user) }));
  const labels = ['Password', 'AccessKey ID', 'AccessKey Secret'].filter((_, index) =>
    rows.some(({ secrets }) => secrets[index]?.[1] !== undefined),
  );
  const heading = ['User', ...labels].map((label) => colour.bold(label));
  const table = rows.map(({ name, secrets }) => {
    const cells = new Map(secrets);
    return [name, ...labels.map((label) => cells.get(label) ?? '-')];
  });
  const widths = columnWidths([['User', ...labels], ...table]);
  const total = widths.reduce((sum, columns) => sum + columns + COLUMN_GAP.length, -COLUMN_GAP.length);
  if (total <= width) return renderTable([heading, ...table]);
  const lists = rows.map(({ name, secrets }) => {
    const present = secrets.filter(([, secret]) => secret !== undefined);
    return [name, present.map(([label]) => label).join('\n'), present.map(([, secret]) => secret).join('\n')];
  });
  return renderTable(lists);
}
