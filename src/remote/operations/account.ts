import { rootArn, roleArn } from '../../core/arn.ts';
import type { AccountOperations, AccountSummary } from '../../core/directory.ts';
import { DEFAULT_PASSWORD_POLICY, DEFAULT_SECURITY_PREFERENCE } from '../../core/state.ts';
import type { Response } from '../api.ts';
import type { RemoteContext } from './context.ts';
import { getCredentialReport } from './credential-report.ts';
import { isTrue, nullableTexts } from './members.ts';
