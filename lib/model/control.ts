import type { Framework } from './frameworks.ts';
import type { ParameterKind, Parameters } from './parameter.ts';
import type { Properties } from './property.ts';
import type { Clients, IamAction, ResourceType, ServiceName } from './resource-type.ts';
import type { Place, Target } from './target.ts';
import type { State, TemplateView } from './template-view.ts';

/** The verdict of a rule on a state: compliant, or one sentence that says what is wrong. */
export type Verdict = 'compliant' | { readonly violation: string };

/** How severe a violation is, in the words of AWS Security Hub. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** How far Evenkeel goes with a violation, from least to most. */
export type Mode = 'observe' | 'approve' | 'auto';

/** When a thing that a repair takes away was last used, so that people know who is interrupted. */
export interface LastUse {
  /** The thing, such as an access key's id. */
  readonly what: string;
  /** Absent where AWS knows of no use. */
  readonly at?: string;
  readonly service?: string;
  readonly region?: string;
}

/** A reason to be more careful with one resource than the control is in general. */
export interface Caution {
  readonly risk?: 'medium' | 'high';
  readonly maxMode?: 'approve' | 'observe';
  /** One sentence for the plan and the notification. */
  readonly because?: string;
  readonly lastUse?: readonly LastUse[];
}

/** How AWS Config evaluates the control's resources: by AWS's own rule, or by the control's `check` in our evaluator. */
export type Detection<P = Parameters> =
  | {
      readonly by: 'managed-rule';
      /** AWS's identifier, such as `S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED`. */
      readonly identifier: string;
      /** AWS Config runs it on a schedule, not on changes. */
      readonly periodic?: true;
      /** The rule's input parameters, made of the control's own. */
      parameters?(parameters: P): { readonly [name: string]: string };
    }
  | { readonly by: 'custom-rule'; readonly periodic?: true };

/** The live view of a control, made of its resource type and the facets that it names. */
export interface Observation<Services extends ServiceName = ServiceName, S extends State = State> {
  /** The IAM actions that `list` and `read` need. */
  readonly actions: readonly IamAction<Services>[];
  /** Yields every resource of the type in one place, with its state where the list call carries it. */
  list(clients: Clients<Services>, place: Place): AsyncIterable<{ readonly id: string; readonly state?: S }>;
  /** Reads the live state; `undefined` when the resource is gone or is not subject to the control. */
  read(clients: Clients<Services>, target: Target): Promise<S | undefined>;
}

/** How long a repair waits for the owner, who is notified at the start and on the last day. */
export interface GracePeriodTerms {
  readonly days: number;
  /** Who is interrupted, in one sentence. */
  readonly because: string;
}

/** The effect of a repair on the users of the resource; a `high` risk interrupts them, so the repair waits. */
export type Risk =
  | { readonly risk: 'low' | 'medium'; readonly gracePeriod?: undefined }
  | { readonly risk: 'high'; readonly gracePeriod: GracePeriodTerms };

/** Whether a repair can be undone; one that cannot never happens without a person. */
export type Reversibility =
  | { readonly reversible: true; readonly maxMode: 'auto' | 'approve' }
  | { readonly reversible: false; readonly maxMode: 'approve' };

/** The repair of a control, as the engine runs it. */
export type Repair<Services extends ServiceName = ServiceName, S extends State = State> = Risk &
  Reversibility & {
    /** The IAM actions that `write` needs. */
    readonly actions: readonly IamAction<Services>[];
    /** Seconds until a written change must read back as compliant; 30 by default. */
    readonly verifyWithin?: number;
    /** The write replaces a whole document without a condition, so that it can lose another's write (law 10). */
    readonly replaces?: true;
    /** The nearest compliant state: the state itself where it is compliant. */
    desired(state: S, parameters: Parameters, now: Date): S;
    write(clients: Clients<Services>, target: Target, state: S, from: S): Promise<'pending' | undefined>;
    /** The ARNs that a session may touch, where that is not the target alone. */
    arns?(target: Target, parameters: Parameters): readonly string[];
    /** The region to write in, where that is not the target's. */
    region?(state: S): string | undefined;
    readonly circumstances?: Circumstances<Services, S>;
  };

/** Facts about a resource that are no part of its state and may call for caution. */
export interface Circumstances<Services extends ServiceName = ServiceName, S extends State = State> {
  /** The IAM actions that reading them needs. */
  readonly actions: readonly IamAction<Services>[];
  /** Reads them and returns the caution that they call for; rejects where one cannot be read. */
  caution(clients: Clients<Services>, target: Target, state: S, desired: S): Promise<Caution | undefined>;
}

/** A control as the engine sees it: facts, a rule over a small state, and the views of that state. */
export type Control<Services extends ServiceName = ServiceName, S extends State = State> = {
  /** Kebab case; equal to the file's name. */
  readonly id: string;
  readonly title: string;
  /** Why it matters, in one or two sentences. */
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
  /** The facets of the type that the state is made of. */
  readonly facets: readonly string[];
  /** Makes the state of the facets; `undefined` when the resource is not subject to the control. */
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
  /** Properties that a template must set, though AWS has a default. */
  readonly explicit: readonly string[];
  /** Evaluates a state: pure, the same at synth, in a template and in an account. */
  check(state: S, parameters: Parameters, now: Date): Verdict;
  /** Example states that `check` refuses; they serve docs, tests and the verdict on unresolved values. */
  readonly violationExamples: readonly S[];
  /** The names of the resource's own properties in a template, or a view over other resources; absent where templates cannot carry the state. */
  readonly template?: readonly string[] | (TemplateView<S> & { readonly properties: readonly string[] });
  /** The CloudFormation type that the template view is on. */
  readonly templateType: string;
  readonly detect: Detection;
  /** CloudTrail's event name, as `service:EventName`, to the dotted paths of the resource's id in the event's detail. */
  readonly triggers: { readonly [event: string]: readonly string[] };
  readonly observe: Observation<Services, S>;
} & (
  | { readonly repair: Repair<Services, S>; readonly guidance?: undefined }
  | {
      readonly repair?: undefined;
      /** The steps that a person takes, for a control that only detects. */
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
