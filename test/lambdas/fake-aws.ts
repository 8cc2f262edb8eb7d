import { createHash } from 'node:crypto';
import { vi } from 'vitest';
import type { Trigger } from '../../lambdas/events/trigger.ts';
import type { Events } from '../../lib/events/events.ts';
import { eventSchemas } from '../../lib/events/schema.ts';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import { evidenceSchema } from '../../lib/evidence/schema.ts';
import type { Row } from './expressions.ts';
import { FakeTable } from './fake-table.ts';

type Answer = (input: never, proceed: () => unknown, client: unknown) => unknown;

/** An error as the AWS SDK throws it. */
export const awsError = (name: string, message = name): Error => Object.assign(new Error(message), { name });

/** Makes a call fail. */
export const failWith = (name: string, message?: string) => () => {
  throw awsError(name, message);
};

/** A published event, checked against its schema. */
export type Published = {
  readonly [Type in keyof Events]: { readonly type: Type; readonly detail: Events[Type] };
}[keyof Events];

/** AWS in memory, as far as the hub's functions use it. */
export class FakeAws {
  table = new FakeTable();
  /** The bodies of the vault's objects, by key. */
  vault = new Map<string, string>();
  /** The machine executions that were started. */
  started: { readonly name: string; readonly trigger: Trigger }[] = [];
  /** The task tokens that resumed a machine. */
  resumed: string[] = [];
  published: Published[] = [];
  /** The metrics, with the control where a metric has one. */
  metrics: { readonly name: string; readonly value: number; readonly control?: string }[] = [];
  /** The roles that IAM shows, by name. */
  roles: { [name: string]: string } = {};
  /** The calls of the SDK, by operation. */
  calls: { readonly operation: string; readonly input: object }[] = [];
  requests = 0;
  #answers = new Map<string, Answer>();

  constructor() {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    process.env.POWERTOOLS_SERVICE_NAME = 'evenkeel';
    process.env.POWERTOOLS_METRICS_NAMESPACE = 'Evenkeel';
    const write = process.stdout.write.bind(process.stdout);
    vi.spyOn(process.stdout, 'write').mockImplementation(
      (line, ...rest) => (this.#metric(String(line)) ? true : write(line, ...(rest as []))), // as Node passes them
    );
  }

  reset(): void {
    this.table = new FakeTable();
    this.vault = new Map();
    this.#answers = new Map();
    Object.assign(this, { started: [], resumed: [], published: [], metrics: [], roles: {}, calls: [] });
  }

  /** Answers an operation in another way from now on. `proceed` gives the usual answer. */
  on<Input = never>(
    operation: string,
    answer: (input: Input, proceed: () => unknown, client: unknown) => unknown,
  ): void {
    this.#answers.set(operation, answer);
  }

  /** Answers an operation as usual again. */
  off(operation: string): void {
    this.#answers.delete(operation);
  }

  answer(operation: string, input: object, client: unknown): unknown {
    this.calls.push({ operation, input });
    const usual = () => {
      const answer: Answer | undefined = this.#usual[operation];
      if (!answer) throw new Error(`The fake AWS knows no operation ${operation}.`);
      return answer(input as never, () => undefined, client); // each answer knows the input of its operation
    };
    const answer = this.#answers.get(operation);
    return answer ? answer(input as never, usual, client) : usual(); // as above
  }

  /** The item of the state table under a key. */
  row(pk: string): Row | undefined {
    return this.table.rows.get(pk);
  }

  /** The records in the vault, in the order in which they were written. */
  get records(): EvidenceRecord[] {
    return [...this.vault.values()].map((body) => JSON.parse(body));
  }

  /** The inputs of every call of an operation. */
  inputs<Input = object>(operation: string): Input[] {
    return this.calls.filter((call) => call.operation === operation).map(({ input }) => input as Input); // the test knows it
  }

  readonly #usual: { readonly [operation: string]: Answer } = {
    Get: (input) => this.table.get(input),
    BatchGet: (input) => this.table.batchGet(input),
    Query: (input) => this.table.query(input),
    Scan: (input) => this.table.scan(input),
    Update: (input) => this.table.update(input),
    TransactWrite: (input) => this.table.transactWrite(input),
    PutObject: ({ Key, Body, IfNoneMatch, ChecksumSHA256 }: S3Input) => {
      if (ChecksumSHA256 && ChecksumSHA256 !== sha256(Body)) throw awsError('BadDigest');
      if (IfNoneMatch && this.vault.has(Key)) throw awsError('PreconditionFailed');
      if (Key.startsWith('evidence/')) evidenceSchema.parse(JSON.parse(Body));
      this.vault.set(Key, Body);
      return {};
    },
    HeadObject: ({ Key }: S3Input) => ({ ChecksumSHA256: sha256(this.#object(Key, 'NotFound')) }),
    GetObject: ({ Key }: S3Input) => {
      const body = this.#object(Key, 'NoSuchKey');
      return { Body: { transformToString: async () => body } };
    },
    StartExecution: ({ name, input }: { readonly name: string; readonly input: string }) => {
      if (this.started.some((one) => one.name === name)) throw awsError('ExecutionAlreadyExists');
      this.started.push({ name, trigger: JSON.parse(input).evenkeel });
      return {};
    },
    SendTaskSuccess: ({ taskToken }: { readonly taskToken: string }) => void this.resumed.push(taskToken),
    PutEvents: ({ Entries }: { readonly Entries: readonly EventEntry[] }) => {
      for (const { DetailType, Detail } of Entries) {
        const detail = JSON.parse(Detail);
        eventSchemas[DetailType].parse(detail);
        this.published.push({ type: DetailType, detail });
      }
      return { FailedEntryCount: 0 };
    },
    AssumeRole: () => ({ Credentials: { AccessKeyId: 'key', SecretAccessKey: 'secret', SessionToken: 'token' } }),
    GetRole: ({ RoleName }: { readonly RoleName: string }) => {
      if (!this.roles[RoleName]) throw awsError('AccessDenied');
      return { Role: { Arn: this.roles[RoleName] } };
    },
    DescribeStackResources: failWith('ValidationError', 'No stack holds it.'),
    GetResources: () => ({ ResourceTagMappingList: [] }),
  };

  #object(key: string, missing: string): string {
    const body = this.vault.get(key);
    if (body === undefined) throw awsError(missing);
    return body;
  }

  /** Takes a line of CloudWatch's embedded metric format. */
  #metric(line: string): boolean {
    if (!line.includes('"CloudWatchMetrics"')) return false;
    const { _aws, control, ...values } = JSON.parse(line);
    const [{ Metrics }] = _aws.CloudWatchMetrics;
    for (const { Name } of Metrics) this.metrics.push({ name: Name, value: values[Name], ...(control && { control }) });
    return true;
  }
}

interface S3Input {
  readonly Key: string;
  readonly Body: string;
  readonly IfNoneMatch?: string;
  readonly ChecksumSHA256?: string;
}

interface EventEntry {
  readonly DetailType: keyof Events;
  readonly Detail: string;
}

const sha256 = (body: string) => createHash('sha256').update(body).digest('base64');
