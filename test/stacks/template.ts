/** A resource of a synthesized template. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the test that reads it.
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** One statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } };
}

/** A policy as AWS receives it. */
export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

interface Environment {
  readonly account: string;
  readonly region: string;
}

/** The actions or resources of a statement, as a list. */
export const list = (words: string | readonly string[] | undefined): readonly string[] =>
  typeof words === 'string' ? [words] : (words ?? []);

/** A synthesized stack in which a name or ARN in the format of AWS replaces every reference. */
export class Template {
  readonly resources: { readonly [logicalId: string]: Resource };
  readonly environment: Environment;
  readonly #raw: { readonly [logicalId: string]: Resource };

  constructor(raw: { readonly [logicalId: string]: Resource }, environment: Environment) {
    this.#raw = raw;
    this.environment = environment;
    this.resources = this.#resolve(raw) as { readonly [logicalId: string]: Resource }; // its shape stays
  }

  /** All resources of a type. */
  all(type: string): Resource[] {
    return Object.values(this.resources).filter(({ Type }) => Type === type);
  }

  /** The one resource of a type whose logical id begins with a prefix. */
  one(type: string, prefix = ''): Resource {
    const found = Object.entries(this.resources).filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
    if (found.length !== 1 || !found[0])
      throw new Error(`${found.length} resources of ${type} begin with "${prefix}".`);
    return found[0][1];
  }

  /** The ARN of the one resource of a type whose logical id begins with a prefix. */
  arn(type: string, prefix = ''): string {
    const [id = ''] = Object.keys(this.resources).filter(
      (one) => this.resources[one]?.Type === type && one.startsWith(prefix),
    );
    return this.#arn(id);
  }

  /** The names of all roles with a physical name. */
  roles(): string[] {
    return this.all('AWS::IAM::Role').flatMap(({ Properties }) => Properties.RoleName ?? []);
  }

  /** Every statement of every identity policy. */
  statements(): Statement[] {
    return this.all('AWS::IAM::Policy').flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  }

  /** The statements of a role's policies, by its name or by the beginning of its logical id. */
  policiesOf(role: string): Policy[] {
    const [id = ''] =
      Object.entries(this.resources).find(
        ([logicalId, { Type, Properties }]) =>
          Type === 'AWS::IAM::Role' && (Properties.RoleName === role || logicalId.startsWith(role)),
      ) ?? [];
    if (!id) throw new Error(`There is no role "${role}".`);
    const attached = this.all('AWS::IAM::Policy').filter(({ Properties }) => Properties.Roles.includes(this.#name(id)));
    return attached.map(({ Properties }) => Properties.PolicyDocument);
  }

  /** The trust policy of a role. */
  trustOf(role: string): Policy {
    const found = this.all('AWS::IAM::Role').find(({ Properties }) => Properties.RoleName === role);
    if (!found) throw new Error(`There is no role "${role}".`);
    return found.Properties.AssumeRolePolicyDocument;
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item));
    if (typeof value !== 'object' || value === null) return value;
    const [[key, inner] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0) {
      if (key === 'Ref') return this.#ref(inner);
      if (key === 'Fn::GetAtt') return inner[1] === 'Arn' ? this.#arn(inner[0]) : this.#name(inner[0]);
      if (key === 'Fn::Join') return (this.#resolve(inner[1]) as unknown[]).join(inner[0]);
    }
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#resolve(item)]));
  }

  #ref(id: string): string {
    const pseudo = {
      'AWS::Partition': 'aws',
      'AWS::AccountId': this.environment.account,
      'AWS::Region': this.environment.region,
    };
    if (id in pseudo) return pseudo[id as keyof typeof pseudo]; // checked by `in`
    const arnTypes = ['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine'];
    return arnTypes.includes(this.#raw[id]?.Type ?? '') ? this.#arn(id) : this.#name(id);
  }

  #name(id: string): string {
    const { Type, Properties } = this.#raw[id] ?? { Type: '', Properties: {} };
    const key = NAMES[Type];
    const parameters = key ? Properties?.[key] : undefined;
    return typeof parameters === 'string' ? parameters : Type === 'AWS::S3::Bucket' ? id.toLowerCase() : id;
  }

  #arn(id: string): string {
    const { account, region } = this.environment;
    const resource = this.#raw[id];
    const part = ARNS[resource?.Type ?? ''];
    if (!part) throw new Error(`No ARN is known for ${resource?.Type} ${id}; add its type here.`);
    const [service, kind = ''] = part.split('|');
    const bus = resource?.Type === 'AWS::Events::Rule' && resource.Properties.EventBusName;
    const name = bus ? `${this.#resolve(bus)}/${this.#name(id)}` : this.#name(id);
    if (service === 's3') return `arn:aws:s3:::${name}`;
    const arn = `arn:aws:${service}:${service === 'iam' ? '' : region}:${account}:${kind}${name}`;
    return service === 'logs' ? `${arn}:*` : arn;
  }
}

const NAMES: { readonly [type: string]: string } = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Events::EventBus': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::Logs::LogGroup': 'LogGroupName',
};

const ARNS: { readonly [type: string]: string } = {
  'AWS::S3::Bucket': 's3',
  'AWS::KMS::Key': 'kms|key/',
  'AWS::DynamoDB::GlobalTable': 'dynamodb|table/',
  'AWS::SQS::Queue': 'sqs|',
  'AWS::SNS::Topic': 'sns|',
  'AWS::CloudWatch::Alarm': 'cloudwatch|alarm:',
  'AWS::Lambda::Function': 'lambda|function:',
  'AWS::IAM::Role': 'iam|role/',
  'AWS::Events::EventBus': 'events|event-bus/',
  'AWS::Events::Rule': 'events|rule/',
  'AWS::StepFunctions::StateMachine': 'states|stateMachine:',
  'AWS::Logs::LogGroup': 'logs|log-group:',
};
