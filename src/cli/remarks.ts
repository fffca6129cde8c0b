import type { App } from './app.ts';

/** After a rename: the policies that still name the old one, which no longer match. */
export function remarkOnNaming(app: App, policies: string[], newName: string): void {
  for (const policy of policies) {
    app.note(`remark: the custom policy ${policy} names the old name; it does not cover ${newName}`);
  }
}
