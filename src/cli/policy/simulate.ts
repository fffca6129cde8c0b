import { formatRamDate } from '../../core/clock.ts';
import { simulate } from '../../core/workflows/simulate.ts';
import { simulationView } from '../../view/policy.ts';
import { collect, type RamctlCommand } from '../command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { usageError } from '../usage-error.ts';

interface Options {
  action: string[];
  resource?: string[];
  context?: string[];
}

export function declareSimulate(noun: RamctlCommand): void {
  const verb = noun.verb('simulate <user>', 'may a user do this?', [
    'ramctl policy simulate alice --action iot:QueryDevice',
    'ramctl policy simulate alice --action iot:QueryDevice --context acs:SourceIp=192.0.2.7',
  ]);
  verb.requiredOption('--action <action>', 'such as iot:QueryDevice; may be repeated', collect);
  verb.option('--resource <arn>', 'may be repeated (default: *)', collect);
  verb.option('--context <key=value>', 'a condition key of the request; repeated keys have several values', collect);
  verb.addHelpText(
    'after',
    '\nThe context holds what is given and acs:CurrentTime, nothing else. Exit code 0 when all is allowed, else 4.',
  );
  verb.setAction<Options>(
    async (context, { action: actions, resource: resources = ['*'], context: pairs = [] }, UserName: string) => {
      const strange = actions.find((action) => !/^[^\s:]+:[^\s:]+$/.test(action));
      if (strange !== undefined) throw usageError('an action looks like iot:QueryDevice', '--action');
      const simulation = { UserName, actions, resources, context: parseConditionContext(pairs, context.startedAt) };
      const decisions = await context.directory.reading((operations) => simulate(operations, simulation));
      await context.output.show(simulationView, decisions);
      return decisions.every(({ Decision }) => Decision === 'Allow') ? EXIT_CODES.success : EXIT_CODES.denied;
    },
  );
}

function parseConditionContext(pairs: string[], now: Date): Record<string, string[]> {
  const context = new Map<string, string[]>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw usageError('--context takes key=value', '--context', 'such as --context acs:SourceIp=192.0.2.7');
    const key = pair.slice(0, at).toLowerCase();
    context.set(key, [...(context.get(key) ?? []), pair.slice(at + 1)]);
  }
  const time = 'acs:currenttime';
  if (!context.has(time)) context.set(time, [formatRamDate(now)]);
  return Object.fromEntries(context);
}
