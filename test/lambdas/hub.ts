import { afterEach, beforeEach, vi } from 'vitest';
import type { Settings } from '../../lib/config/settings.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Control } from '../../lib/model/control.ts';
import { FakeAws } from './fake-aws.ts';
import { answerCalls } from './sdk.ts';

/** The hub's settings, exceptions and controls, which the mocks below put in the place of the deployed files. */
const deployed = vi.hoisted(() => ({ settings: {}, exceptions: [] as Exception[], controls: [] as Control[] }));

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  variable: (name: string) => name,
  settings: deployed.settings,
  publishedExceptions: { schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions: deployed.exceptions },
}));
vi.mock('../../controls/index.ts', () => ({ controls: deployed.controls }));

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Account = Mutable<Settings['accounts'][string]>;

/** The hub's own account and the governed account of the tests. */
export const HUB = '111111111111';
export const ACCOUNT = '222222222222';
export const target = { account: ACCOUNT, region: 'eu-west-1', partition: 'aws', id: 'x' };

/** One hub in memory. The functions under test run with their real modules; only AWS and the deployed files are fake. */
class Hub extends FakeAws {
  readonly settings = deployed.settings as Mutable<Settings>; // filled before each test
  readonly exceptions = deployed.exceptions;

  /** The governed account of the tests. */
  get account(): Account {
    return this.settings.accounts[ACCOUNT] as Account; // every test starts with it
  }

  /** Deploys controls, each in mode auto. */
  deploy(...controls: readonly Control[]): void {
    deployed.controls.splice(0, deployed.controls.length, ...controls);
    this.account.modes = Object.fromEntries(controls.map(({ id }) => [id, 'auto']));
  }

  override reset(): void {
    super.reset();
    deployed.controls.length = 0;
    this.exceptions.length = 0;
    const settings: Settings = {
      commit: 'c',
      hub: { account: HUB, region: 'eu-west-1', partition: 'aws' },
      globalRegion: 'us-east-1',
      accounts: {
        [ACCOUNT]: {
          owner: { name: 'payments-team', from: 'config account' },
          regions: ['eu-west-1'],
          circuitBreaker: { minutes: 60, repairs: 50, failures: 10 },
          modes: {},
          gracePeriodDays: {},
        },
      },
      parameters: {},
      notConfigured: [],
      ownerTag: 'owner',
      approvalHours: 1,
      remindAtHour: 7,
      approvers: 1,
      concurrencyPerAccount: 25,
      identities: {},
      backlogAbove: 10,
    };
    Object.assign(this.settings, settings);
  }

  /** Runs a function of the hub. */
  async invoke<Name extends keyof typeof functions>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    const { handler } = (await functions[name]()) as {
      handler: (event: Input<Name>, context: unknown) => Output<Name>;
    }; // as imported
    return handler(input, { functionName: name });
  }

  /** Calls a route of the hub's API, as a user of the hub's account unless the test names another ARN. */
  async call(
    name: 'command' | 'decide' | 'dry-run' | 'status',
    routeKey: string,
    { path, body, user = 'alice', ...over }: ApiCall = {},
  ): Promise<{ status: number | undefined; said: ApiAnswer }> {
    const userArn = user?.startsWith('arn:') ? user : user && `arn:aws:iam::${HUB}:user/${user}`;
    const { statusCode: status, body: said = '' } = await this.invoke(name, {
      routeKey,
      pathParameters: path,
      body: typeof body === 'string' ? body : body && JSON.stringify(body),
      isBase64Encoded: false,
      requestContext: {
        requestId: `request-${++this.requests}`,
        authorizer: { iam: { userArn: user ? userArn : null } },
      },
      ...over,
    } as never); // API Gateway sends more
    return { status, said: JSON.parse(said) };
  }
}

interface ApiCall {
  readonly path?: { readonly [name: string]: string };
  readonly body?: object | string;
  /** The name of a user or an ARN; empty where AWS names no caller. */
  readonly user?: string;
  readonly [field: string]: unknown;
}

/** The body of an answer: the reasons of a refusal, or the fields of the route. */
interface ApiAnswer {
  readonly refused?: string;
  readonly because?: readonly { readonly code: string }[];
  readonly [field: string]: unknown;
}

const functions = {
  admit: () => import('../../lambdas/admit/handler.ts'),
  approve: () => import('../../lambdas/approve/handler.ts'),
  'circuit-breaker': () => import('../../lambdas/circuit-breaker/handler.ts'),
  command: () => import('../../lambdas/command/handler.ts'),
  decide: () => import('../../lambdas/decide/handler.ts'),
  'dry-run': () => import('../../lambdas/dry-run/handler.ts'),
  evaluate: () => import('../../lambdas/evaluate/handler.ts'),
  notify: () => import('../../lambdas/notify/handler.ts'),
  plan: () => import('../../lambdas/plan/handler.ts'),
  publish: () => import('../../lambdas/publish/handler.ts'),
  reevaluate: () => import('../../lambdas/reevaluate/handler.ts'),
  remind: () => import('../../lambdas/remind/handler.ts'),
  repair: () => import('../../lambdas/repair/handler.ts'),
  settle: () => import('../../lambdas/settle/handler.ts'),
  status: () => import('../../lambdas/status/handler.ts'),
  sweep: () => import('../../lambdas/sweep/handler.ts'),
};

type Handler<Name extends keyof typeof functions> = Awaited<ReturnType<(typeof functions)[Name]>>['handler'];
type Input<Name extends keyof typeof functions> = Parameters<Handler<Name>>[0];
type Output<Name extends keyof typeof functions> = Awaited<ReturnType<Handler<Name>>>;

export const hub = new Hub();
answerCalls(hub);
beforeEach(() => hub.reset());
afterEach(() => vi.useRealTimers());
