import type { ServiceName, services } from '../../controls/services.ts';

/** A JSON value as it stands in a template, a state or an evidence record; an absent property is an absent key. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** The few CloudFormation properties that a rule is about; declare a control's own with `type`, so that it stays assignable. */
export type State = { readonly [property: string]: Json | undefined };

/** Deployment parameters of a control, as numbers, texts or lists of them; the control declares the defaults. */
export type Parameters = {
  readonly [parameter: string]: number | string | boolean | readonly number[] | readonly string[];
};

/** What a rule says of a state: compliant, or one sentence that says what is wrong with it. */
export type Verdict = 'compliant' | { readonly violation: string };

/** How bad a violation is, in the words of AWS Security Hub. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** What the system may do about a violation, from least to most. */
export type Mode = 'observe' | 'approve' | 'auto';

/** The frameworks whose requirements a control can answer; the keys are used in config, reports and flags. */
export type Framework = 'fsbp' | 'cis-v3' | 'nist-800-53-r5' | 'nist-csf-2.0' | 'pci-dss-v4';

/** The resource type under which AWS Config reports what belongs to an account as a whole; its id is the account's number. */
export const ACCOUNT = 'AWS::::Account';

/** One governed resource, by the id that its service's own API takes; for an account setting the id is the account's number. */
export interface Target {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly id: string;
}

/** A resource as a list call found it, with its state where that call carries it. */
export interface Listed<S extends State> {
  readonly id: string;
  readonly state?: S;
}

/** When something that a repair would take away was last used, so that people know whom it would interrupt. */
export interface LastUse {
  /** What was used, such as an access key's id. */
  readonly what: string;
  /** Absent where AWS knows of no use. */
  readonly at?: string;
  readonly service?: string;
  readonly region?: string;
}

/** Where listing looks: one account in one region. */
export type Place = Omit<Target, 'id'>;

/** One resource of a synthesised template, as plain JSON. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: { readonly [property: string]: Json | undefined };
}

/** All resources of one template by logical id. */
export type TemplateResources = { readonly [logicalId: string]: TemplateResource };

/** Gives the resources of a type that point at the judged one by some properties, or may: all but those of others. */
export type FindReferencing = (
  type: string,
  properties: readonly string[],
) => readonly (readonly [string, TemplateResource])[];

/**
 * A state that is spread over several resources of a template. `at` is the logical id of the one resource whose
 * properties of the same names hold the state; it is absent when there is no such single place to write a fix.
 */
export interface Located<S extends State> {
  readonly state: S;
  readonly at?: string;
  /** Puts the template's own words back for what `state` shows resolved, such as references to the resource itself. */
  restore?(state: S): S;
}

type IamPrefix<Uses extends ServiceName> = (typeof services)[Uses]['iam'];
type IamAction<Uses extends ServiceName> = `${IamPrefix<Uses>}:${string}`;

/** The AWS clients that a control is handed: those it names in `uses`, and no others. */
export type Clients<Uses extends ServiceName = ServiceName> = {
  readonly [Name in Uses]: Awaited<ReturnType<(typeof services)[Name]['load']>>;
};

/** How AWS Config judges the control's resources: by AWS's own rule, or by the control's `check` in our evaluator. */
export type Detection<G extends Parameters> =
  | {
      readonly by: 'managed-rule';
      /** AWS's identifier, such as `S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED`. */
      readonly identifier: string;
      /** AWS Config runs it on a schedule, not on changes. */
      readonly periodic?: true;
      /** The rule's input parameters, made of the control's own. */
      parameters?(parameters: G): { readonly [name: string]: string };
    }
  | { readonly by: 'custom-rule'; readonly periodic?: true };

/** Reads the control's state in an account. */
export interface Observation<Uses extends ServiceName, S extends State> {
  /** Exactly the IAM actions that `list` and `read` need; a test holds them against the calls made. */
  readonly actions: readonly IamAction<Uses>[];
  /** Yields every resource of the type in one place, paginated; shared by the controls of one resource type. */
  list(clients: Clients<Uses>, place: Place): AsyncIterable<Listed<S>>;
  /** Reads the live state; `undefined` when the resource is gone or is not subject to the control. */
  read(clients: Clients<Uses>, target: Target): Promise<S | undefined>;
  /** Tells, for a repair that takes something away, when that was last used. */
  readonly lastUse?: {
    /** Exactly the IAM actions that it needs beyond `needs`. */
    readonly actions: readonly IamAction<Uses>[];
    read(clients: Clients<Uses>, target: Target, before: S, desired: S): Promise<readonly LastUse[]>;
  };
}

interface RepairBase<Uses extends ServiceName, S extends State, G extends Parameters> {
  /** Exactly the IAM actions that `write` needs beyond `observe.needs`. */
  readonly actions: readonly IamAction<Uses>[];
  /** Seconds until a written change must read back as compliant; 30 unless told. */
  readonly verifyWithin?: number;
  /** The nearest compliant state: pure, idempotent, and never less strict than `state`. */
  desired(state: S, parameters: G, now: Date): S;
  /**
   * Brings the resource from the state just read to `state`, making before it breaks; `'pending'` when AWS accepted
   * the change and works on it. It must be safe to call again, and must also serve the way back.
   */
  write(clients: Clients<Uses>, target: Target, state: S, from: S): Promise<'pending' | undefined>;
}

/** How long a repair waits for the owner, who is told at the start and on the last day. */
interface GracePeriod {
  readonly days: number;
  /** Who would be interrupted, in one sentence. */
  readonly because: string;
}

/** What a repair may cost those who use the resource; `high` interrupts somebody, who must be told before. */
type Risk =
  | { readonly risk: 'low' | 'medium'; readonly gracePeriod?: undefined }
  | { readonly risk: 'high'; readonly gracePeriod: GracePeriod };

/** Writes the control's state in an account; what cannot be put back is never repaired without a person. */
export type Repair<Uses extends ServiceName, S extends State, G extends Parameters> = RepairBase<Uses, S, G> &
  Risk &
  (
    | { readonly reversible: true; readonly maxMode: 'auto' | 'approve' }
    | { readonly reversible: false; readonly maxMode: 'approve' }
  );

interface Rule<S extends State, G extends Parameters> {
  /** Kebab case; equal to the file's name. */
  readonly id: string;
  readonly title: string;
  /** Why it matters, in one or two sentences. */
  readonly rationale: string;
  readonly severity: Severity;
  /** The CloudFormation type, or `ACCOUNT` for a setting of the account. */
  readonly resource: string;
  /** `global`: IAM and account-wide settings, watched once, in the partition's global region. */
  readonly scope: 'regional' | 'global';
  /** Requirement ids by framework. */
  readonly frameworks: { readonly [F in Framework]?: readonly string[] };
  /** Deployment parameters with their defaults; the config may override each. */
  readonly parameters?: G;
  /** Judges a state: pure, the same at synth, in a template and in an account. */
  check(state: S, parameters: NoInfer<G>, now: Date): Verdict;
  /** Example states that `check` refuses; they serve docs, tests and the verdict on unresolved values. */
  readonly violationExamples: readonly NoInfer<S>[];
  /**
   * Where the state sits in a template: names of the resource's own properties, or a function over the template when
   * other resources carry it. Absent where CloudFormation has no such resource.
   */
  readonly template?: readonly (keyof NoInfer<S> & string)[] | TemplateView<NoInfer<S>>;
}

/** Finds a control's state in a template where siblings carry it, such as a bucket's policy. */
export interface TemplateView<S extends State> {
  /** The properties that the state consists of, wherever they sit. */
  readonly properties: readonly (keyof S & string)[];
  /**
   * Types of resources that carry state of another one, such as a rule of a group, with the properties that name it. One
   * whose owner stands outside of the template is judged by itself: `locate` is called with its id.
   */
  readonly children?: { readonly [type: string]: readonly string[] };
  /** Ask `siblings` for what belongs to the resource: to look through all `resources` for each takes too long. */
  locate(logicalId: string, resources: TemplateResources, siblings: FindReferencing): Located<S>;
}

interface Live<Uses extends ServiceName, S extends State, G extends Parameters> {
  readonly detect: Detection<NoInfer<G>>;
  /**
   * CloudTrail's event name, as `service:EventName`, to the dotted path of the resource's id in the event's detail; `*`
   * walks a list, several paths are tried in turn, and `account` stands for the account itself.
   */
  readonly triggers: { readonly [Event in `${Uses}:${string}`]: string | readonly string[] };
  /** Which of Config's two fields holds the id that the service API takes. */
  readonly configId: 'id' | 'name';
  /** The only AWS clients that the control is handed. */
  readonly services: readonly Uses[];
  /** The resource's ARN with `{partition}`, `{region}`, `{account}` and `{id}`; sessions are cut down to it. */
  readonly arn?: string;
  /** CloudFormation's physical id, where that is not the API's id; with the same places as `arn`. */
  readonly physicalId?: string;
  /** The API's id from the other spellings that events and people use, such as an ARN or a URL. */
  normalizeId?(spelling: string): string;
  readonly observe: Observation<NoInfer<Uses>, NoInfer<S>>;
  readonly repair?: Repair<NoInfer<Uses>, NoInfer<S>, NoInfer<G>>;
}

/** A control: a rule over a small state, and the two views of that state, in a template and in an account. */
export type Control<
  Uses extends ServiceName = ServiceName,
  S extends State = State,
  G extends Parameters = Parameters,
> = Rule<S, G> &
  Live<Uses, S, G> &
  (
    | { readonly repair: Repair<NoInfer<Uses>, NoInfer<S>, NoInfer<G>> }
    | {
        readonly repair?: undefined;
        /** What a person should do, for a control that only detects. */
        readonly guidance: string;
      }
  );

/** Declares a control; the compiler refuses an IAM action or client outside `uses` and an irreversible automatic repair. */
export function defineControl<
  const Uses extends ServiceName,
  S extends State,
  G extends Parameters = Record<never, never>,
>(control: Control<Uses, S, G>): Control<Uses, S, G> {
  return control;
}

export type { ServiceName } from '../../controls/services.ts';
