import { formatRamDate } from '../../core/clock.ts';
import { simulate } from '../../core/workflows/simulate.ts';
import { simulationView } from '../../view/policy.ts';
import type { RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { collect } from '../option-parsers.ts';
import { usageError } from '../usage-error.ts';
import { remarkApproximate } from './approximate-remark.ts';

const MFA_REMARK = `remark: A policy of this user tests acs:MFAPresent, which the context does not have, as in requests with \
an AccessKey. For a console session, add --context acs:MFAPresent=true or false.`;

export function declare(noun: RamctlCommand): void {
  const verb = noun.verb('simulate <user>', 'Check whether policies allow a user to perform actions', {
    'Check one action on all resources': 'ramctl policy simulate alice --action iot:QueryDevice',
    'Check the action for a request from a given IP address':
      'ramctl policy simulate alice --action iot:QueryDevice --context acs:SourceIp=192.0.2.7',
  });
  verb.describe(`Evaluates the policies of a user and of the user's groups for every given action and resource. The
    request context contains only the given condition keys and acs:CurrentTime. Prints each decision and the
    statements that led to it. A remark names system policies whose documents are only approximate. Ends with
    exit code 4 if any decision is not Allow.`);
  verb.requiredOption('--action <action>', 'action to check, such as iot:QueryDevice; can be repeated', collect);
  verb.option('--resource <arn>', 'resource to check; can be repeated (default: *)', collect);
  verb.option('--context <key=value>', 'condition key with a value; a repeated key has several values', collect);
  verb.setAction<{ action: string[]; resource?: string[]; context?: string[] }>(
    async (context, { action: actions, resource: resources = ['*'], context: pairs = [] }, UserName: string) => {
      const invalidAction = actions.find((action) => !/^[^\s:]+:[^\s:]+$/.test(action));
      if (invalidAction !== undefined) {
        throw usageError(`action "${invalidAction}" is not of the form service:operation`, '--action');
      }
      const input = { UserName, actions, resources, context: parseConditionContext(pairs, context.startedAt) };
      const simulation = await context.directory.reading((operations) => simulate(operations, input));
      const { decisions, approximatePolicies, lacksMFAPresent } = simulation;
      await context.output.show(simulationView, decisions);
      remarkApproximate(context.output, approximatePolicies);
      if (lacksMFAPresent) context.output.remark(MFA_REMARK);
      return decisions.every(({ Decision }) => Decision === 'Allow') ? EXIT_CODES.success : EXIT_CODES.denied;
    },
  );
}

/** Returns the values of each condition key. The keys are in lower case. `acs:CurrentTime` is `now` unless it is given. */
function parseConditionContext(pairs: string[], now: Date): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of pairs) {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    if (key === '') {
      const message = `context "${pair}" is not of the form key=value`;
      throw usageError(message, '--context', '--context acs:SourceIp=192.0.2.7');
    }
    values.set(key.toLowerCase(), [...(values.get(key.toLowerCase()) ?? []), value]);
  }
  return { 'acs:currenttime': [formatRamDate(now)], ...Object.fromEntries(values) };
}
