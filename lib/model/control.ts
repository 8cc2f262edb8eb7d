import type { Framework } from './frameworks.ts';
import type { ParameterKind, Parameters } from './parameter.ts';
import type { Properties } from './property.ts';
import type { Clients, IamAction, ResourceType, ServiceName } from './resource-type.ts';
import type { Place, Target } from './target.ts';
import type { State, TemplateView } from './template-view.ts';

/** The result of a check: compliant, or one sentence that describes the violation. */
export type Verdict = 'compliant' | { readonly violation: string };

/** The severity labels of AWS Security Hub, without `INFORMATIONAL`. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** Evenkeel's action on a violation, from least to most: report it, repair it after approval, or repair it at once. */
export type Mode = 'observe' | 'approve' | 'auto';

/** The last use of something that a repair disables or deletes, so the owner can see who is affected. */
export interface LastUse {
  /** Its id, such as that of an access key. */
  readonly what: string;
  /** Absent if AWS has recorded no use. */
  readonly at?: string;
  readonly service?: string;
  readonly region?: string;
}

/** Stricter limits for one resource than the control has in general. */
export interface Caution {
  readonly risk?: 'medium' | 'high';
  readonly maxMode?: 'approve' | 'observe';
  /** One sentence for the plan and the notification. */
  readonly because?: string;
  readonly lastUse?: readonly LastUse[];
}

/** The AWS Config rule of a control: a managed rule of AWS, or a custom rule that runs the control's `check`. */
export type Detection<P = Parameters> =
  | {
      readonly by: 'managed-rule';
      /** AWS's identifier, such as `S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED`. */
      readonly identifier: string;
      /** AWS Config runs the rule on a schedule and not on changes. */
      readonly periodic?: true;
      /** The rule's input parameters, from the control's parameters. */
      parameters?(parameters: P): { readonly [name: string]: string };
    }
  | { readonly by: 'custom-rule'; readonly periodic?: true };

/** The live view of a control, built from its resource type and the facets that it names. */
export interface Observation<Services extends ServiceName = ServiceName, S extends State = State> {
  /** The IAM actions that `list` and `read` need. */
  readonly actions: readonly IamAction<Services>[];
  /** Yields every resource of the type in one place, with its state if the list call returns it. */
  list(clients: Clients<Services>, place: Place): AsyncIterable<{ readonly id: string; readonly state?: S }>;
  /** Reads the live state; `undefined` if the resource is gone or the control does not apply to it. */
  read(clients: Clients<Services>, target: Target): Promise<S | undefined>;
}

/** The delay before a repair; Evenkeel notifies the owner at the start and on the last day. */
export interface GracePeriodTerms {
  readonly days: number;
  /** The interruption that the repair causes, in one sentence. */
  readonly because: string;
}

/** The effect of a repair on the users of the resource; a `high` risk interrupts them and needs a grace period. */
export type Risk =
  | { readonly risk: 'low' | 'medium'; readonly gracePeriod?: undefined }
  | { readonly risk: 'high'; readonly gracePeriod: GracePeriodTerms };

/** Whether a repair can be rolled back; an irreversible repair always needs approval. */
export type Reversibility =
  | { readonly reversible: true; readonly maxMode: 'auto' | 'approve' }
  | { readonly reversible: false; readonly maxMode: 'approve' };

/** The repair of a control, as the engine runs it. */
export type Repair<Services extends ServiceName = ServiceName, S extends State = State> = Risk &
  Reversibility & {
    /** The IAM actions that `write` needs. */
    readonly actions: readonly IamAction<Services>[];
    /** Seconds until the changed resource must read as compliant; 30 by default. */
    readonly verifyWithin?: number;
    /** The write replaces a whole document without a condition, so it can overwrite a concurrent change (law 10). */
    readonly replaces?: true;
    /** The nearest compliant state; the state itself if it is compliant. */
    desired(state: S, parameters: Parameters, now: Date): S;
    write(clients: Clients<Services>, target: Target, state: S, from: S): Promise<'pending' | undefined>;
    /** The ARNs that the session may access, if not the target's alone. */
    arns?(target: Target, parameters: Parameters): readonly string[];
    /** The region of the write, if not the target's. */
    region?(state: S): string | undefined;
    readonly circumstances?: Circumstances<Services, S>;
  };

/** Facts outside the state that can require caution. */
export interface Circumstances<Services extends ServiceName = ServiceName, S extends State = State> {
  /** The IAM actions that `caution` needs to read them. */
  readonly actions: readonly IamAction<Services>[];
  /** Reads the facts and returns the caution that they require; rejects if one cannot be read. */
  caution(clients: Clients<Services>, target: Target, state: S, desired: S): Promise<Caution | undefined>;
}

/** A control as the engine uses it: metadata, a check of a small state, and the views that provide this state. */
export type Control<Services extends ServiceName = ServiceName, S extends State = State> = {
  /** In kebab case and equal to the file name. */
  readonly id: string;
  readonly title: string;
  /** The risk of a violation, in one or two sentences. */
  readonly rationale: string;
  readonly severity: Severity;
  /** Requirement ids by framework. */
  readonly frameworks: { readonly [F in Framework]?: readonly string[] };
  /** The defaults of the parameters. */
  readonly parameters: Parameters;
  /** The parameters without a default; absent where each has one. */
  readonly requiredParameters?: { readonly [parameter: string]: ParameterKind };
  /** The CloudFormation type, or `ACCOUNT`. */
  readonly resource: string;
  /** The resource type that all controls on it share. */
  readonly type: ResourceType;
  /** The facets of the type that the state is built from. */
  readonly facets: readonly string[];
  /** Builds the state from the facets; `undefined` if the control does not apply to the resource. */
  state(facets: object, target: Target): S | undefined;
  readonly scope: 'regional' | 'global';
  readonly configType: string;
  readonly configId: 'id' | 'name';
  readonly services: readonly Services[];
  readonly arn?: string;
  readonly physicalId?: string;
  normalizeId(spelling: string): string;
  /** The properties of the state, by name. */
  readonly properties: Properties;
  /** Properties that a template must set: `check` sees their absence and not AWS's default. */
  readonly explicit: readonly string[];
  /** Evaluates a state: pure, the same at synth, in a template and in an account. */
  check(state: S, parameters: Parameters, now: Date): Verdict;
  /** Example violations, for docs, tests and the verdict on unresolved values. */
  readonly violationExamples: readonly S[];
  /** The property names in a template, or a view over other resources; absent if a template cannot have the state. */
  readonly template?: readonly string[] | (TemplateView<S> & { readonly properties: readonly string[] });
  /** The CloudFormation type that the template view reads. */
  readonly templateType: string;
  readonly detect: Detection;
  /** The dotted paths of the resource's id in a CloudTrail event's detail, by event as `service:EventName`. */
  readonly triggers: { readonly [event: string]: readonly string[] };
  readonly observe: Observation<Services, S>;
} & (
  | { readonly repair: Repair<Services, S>; readonly guidance?: undefined }
  | {
      readonly repair?: undefined;
      /** The manual steps of the repair, because the control only detects. */
      readonly guidance: string;
    }
);

export type { Framework } from './frameworks.ts';
export type { Json } from './json.ts';
export type { ParameterKind, Parameters } from './parameter.ts';
export { ACCOUNT, type Clients, type ControlTarget, type ResourceType, type ServiceName } from './resource-type.ts';
export type { Place, Target } from './target.ts';
export type {
  FindReferencing,
  Located,
  State,
  TemplateResource,
  TemplateResources,
  TemplateView,
} from './template-view.ts';
