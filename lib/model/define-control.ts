import type {
  Caution,
  Control,
  Detection,
  LastUse,
  Mode,
  Parameters,
  Repair,
  Reversibility,
  Risk,
  Severity,
  Verdict,
} from './control.ts';
import type { Framework } from './frameworks.ts';
import { observationOf } from './observation.ts';
import { defaultsIn, type ParameterDeclarations, requiredIn, type ValuesOf } from './parameter.ts';
import type { Properties, StateOf } from './property.ts';
import {
  ACCOUNT,
  type Clients,
  type ControlTarget,
  type IamAction,
  type ResourceType,
  type ServiceName,
  withArn,
} from './resource-type.ts';
import type { OtherTypeView, State, TemplateView } from './template-view.ts';

/** The rule of a control: the properties that it is about, and its verdict on them. */
export interface Rule<P, Names extends keyof P, G> {
  /** The properties of the resource type that the state consists of. */
  readonly properties: readonly Names[];
  /** Properties that a template must set, though AWS has a default: their absence is left to `check`. */
  readonly explicit?: readonly NoInfer<Names>[];
  /** Evaluates a state: pure, the same at synth, in a template and in an account. */
  check(state: StateOf<P, NoInfer<Names>>, parameters: NoInfer<G>, now: Date): Verdict;
  /** Example states that `check` refuses. */
  readonly violationExamples: readonly StateOf<P, NoInfer<Names>>[];
  /** The nearest compliant state, where it follows from the rule. */
  desired?(state: StateOf<P, NoInfer<Names>>): StateOf<P, NoInfer<Names>>;
}

/** The properties that a repair may set: all but the secret ones. */
type Writable<P, Names extends keyof P> = {
  readonly [N in Names as P[N] extends { readonly secret: true } ? never : N]?: StateOf<P, Names>[N];
} & { readonly [N in Names as P[N] extends { readonly secret: true } ? N : never]?: never };

interface RepairParts<Services extends ServiceName, Facets, P, Names extends keyof P, G, Known extends keyof Facets> {
  /** Exactly the IAM actions that `write` needs beyond the facets' own. */
  readonly actions: readonly IamAction<Services>[];
  readonly verifyWithin?: number;
  readonly replaces?: true;
  /** The nearest compliant state: pure and never less strict; called only for a state that `check` refuses. Absent where the rule says it. */
  desired?(state: StateOf<P, Names>, parameters: G, now: Date): Writable<P, Names>;
  /**
   * Brings the resource from the state just read to `state`, making before it breaks; `'pending'` when AWS accepted the
   * change and works on it. It must be safe to call again, must also serve the way back, and touches nothing else.
   */
  write(
    clients: Clients<Services>,
    target: ControlTarget,
    state: StateOf<P, Names>,
    from: StateOf<P, Names>,
  ): Promise<'pending' | undefined> | Promise<void>;
  arns?(target: ControlTarget, parameters: G): readonly string[];
  region?(state: StateOf<P, Names>): string | undefined;
  /** Facets that are no part of the state and may call for caution; one that cannot be read raises it. */
  readonly circumstances?: readonly Known[];
  caution?(
    state: StateOf<P, Names>,
    desired: StateOf<P, Names>,
    circumstances: Pick<Facets, Known>,
  ): Caution | undefined;
}

/** A control as its author writes it. */
export type Definition<
  Services extends ServiceName,
  Facets,
  P extends Properties,
  Used extends keyof Facets,
  Names extends keyof P & string,
  G extends ParameterDeclarations,
  Known extends keyof Facets,
> = {
  /** Kebab case; equal to the file's name. */
  readonly id: string;
  readonly title: string;
  /** Why it matters, in one or two sentences. */
  readonly rationale: string;
  readonly severity: Severity;
  readonly frameworks: { readonly [F in Framework]?: readonly string[] };
  /** The parameters, each with its default or as `required`. */
  readonly parameters?: G;
  readonly resource: ResourceType<Services, Facets, P>;
  /** The facets that the state is made of. */
  readonly facets: readonly Used[];
  /** Makes the state of the facets; `undefined` when the resource is not subject to the control. */
  state(
    facets: Pick<NoInfer<Facets>, NoInfer<Used>>,
    target: ControlTarget,
  ): StateOf<NoInfer<P>, NoInfer<Names>> | undefined;
  readonly rule: Rule<NoInfer<P>, Names, ValuesOf<NoInfer<G>>>;
  /**
   * Where a template has the state: in the resource's own properties by default, in other resources by `locate`, in
   * properties of another type, or nowhere.
   */
  readonly template?: TemplateView<StateOf<NoInfer<P>, NoInfer<Names>>> | OtherTypeView | 'live-only';
  /** A custom rule by default. */
  readonly detect?: Detection<ValuesOf<NoInfer<G>>>;
  /**
   * The dotted path of the resource's id in a CloudTrail event's detail, to the events that have it there, as
   * `service:EventName`. `*` walks a list; paths of one event are tried in order; `account` is the account itself.
   */
  readonly triggers: { readonly [path: string]: readonly `${NoInfer<Services>}:${string}`[] };
} & (
  | {
      readonly repair: Risk &
        Reversibility &
        RepairParts<NoInfer<Services>, NoInfer<Facets>, NoInfer<P>, NoInfer<Names>, ValuesOf<NoInfer<G>>, Known>;
      readonly guidance?: never;
    }
  | { readonly repair?: undefined; readonly guidance: string }
);

/**
 * Declares a control; the compiler refuses an IAM action or client of a service that the resource type does not name, a
 * misspelt property, a secret in `desired`, an irreversible automatic repair and a high risk without a grace period.
 *
 * @throws TypeError when neither the rule nor the repair says what the desired state is.
 * @example
 * ```ts
 * export const trailValidation = defineControl({
 *   id: 'trail-validation',
 *   title: 'CloudTrail validates its log files',
 *   rationale: 'Without signed digests, changes to a log file after delivery go unnoticed.',
 *   severity: 'low',
 *   frameworks: { fsbp: ['CloudTrail.4'] },
 *   resource: trail,
 *   facets: ['trail'],
 *   state: ({ trail }) => ({ EnableLogFileValidation: trail.LogFileValidationEnabled === true }),
 *   rule: requires({ EnableLogFileValidation: true }, 'The trail does not validate its log files.'),
 *   triggers: { 'requestParameters.name': ['cloudtrail:CreateTrail', 'cloudtrail:UpdateTrail'] },
 *   repair: {
 *     actions: ['cloudtrail:UpdateTrail'],
 *     risk: 'low',
 *     reversible: true,
 *     maxMode: 'auto',
 *     async write({ cloudtrail }, { id }, { EnableLogFileValidation }) {
 *       await cloudtrail.updateTrail({ Name: id, EnableLogFileValidation });
 *     },
 *   },
 * });
 * ```
 */
export function defineControl<
  const Services extends ServiceName,
  Facets,
  P extends Properties,
  const Used extends keyof Facets,
  const Names extends keyof P & string,
  G extends ParameterDeclarations = Record<never, never>,
  const Known extends keyof Facets = never,
>(definition: Definition<Services, Facets, P, Used, Names, G, Known>): Control<Services, StateOf<P, Names>> {
  const { rule, resource, facets, triggers, repair, detect = { by: 'custom-rule' }, ...facts } = definition;
  const { parameters = {} } = definition;
  const requiredParameters = requiredIn(parameters);
  // The engine hands a control the clients, facets, parameters and states that its own definition names.
  const engine = { ...rule, ...facts, repair } as unknown as Parts;
  const check = (state: State, given: Parameters, now: Date) => engine.check(state, given, now);
  const { type, properties, services, configType = type, ...identity } = resource;
  return {
    ...facts,
    ...identity,
    parameters: defaultsIn(parameters),
    ...(Object.keys(requiredParameters).length > 0 && { requiredParameters }),
    resource: type,
    type: resource,
    facets,
    configType,
    services,
    properties: Object.fromEntries(rule.properties.map((name) => [name, properties[name]])),
    explicit: rule.explicit ?? [],
    check,
    violationExamples: rule.violationExamples,
    ...templateOf(definition as unknown as TemplateFacts),
    detect,
    triggers: byEvent(triggers),
    observe: observationOf(resource, facets as readonly string[], engine.state),
    ...(repair && { repair: repairOf(engine, resource) }),
  } as unknown as Control<Services, StateOf<P, Names>>; // built field by field from a definition of that very type
}

/** A definition with its type parameters erased, as the engine calls it. */
interface Parts {
  readonly id: string;
  state(facets: object, target: ControlTarget): State | undefined;
  check(state: State, parameters: Parameters, now: Date): Verdict;
  desired?(state: State): State;
  readonly repair: Risk &
    Reversibility &
    RepairParts<ServiceName, Record<string, unknown>, Properties, string, Parameters, string>;
}

type ErasedFacets = {
  readonly [name: string]: {
    readonly actions: readonly IamAction<ServiceName>[];
    read(clients: Clients, target: ControlTarget): Promise<unknown>;
  };
};

function repairOf(engine: Parts, resource: unknown): Repair {
  const type = resource as ResourceType & { readonly facets: ErasedFacets }; // see Parts
  const { desired: own, write, arns, region, circumstances = [], caution, ...facts } = engine.repair;
  const desired = own ?? engine.desired;
  if (!desired) throw new TypeError(`Control "${engine.id}": declare repair.desired, because its rule has none.`);
  return {
    ...facts,
    desired: (state, parameters, now) =>
      engine.check(state, parameters, now) === 'compliant'
        ? state
        : (desired(state as never, parameters, now) as State),
    write: async (clients, target, state, from) =>
      (await write(clients, withArn(type, target), state as never, from as never)) ?? undefined,
    ...(arns && { arns: (target, parameters) => arns(withArn(type, target), parameters) }),
    ...(region && { region: (state) => region(state as never) }),
    ...(caution && {
      circumstances: {
        actions: circumstances.flatMap((name) => type.facets[name]?.actions ?? []),
        async caution(clients, target, state, wanted) {
          const read = async (name: string) =>
            [name, await type.facets[name]?.read(clients, withArn(type, target))] as const;
          const known = Object.fromEntries(await Promise.all(circumstances.map(read)));
          return caution(state as never, wanted as never, known);
        },
      },
    }),
  };
}

interface TemplateFacts {
  readonly resource: { readonly type: string };
  readonly rule: { readonly properties: readonly string[] };
  readonly template?: TemplateView<never> | OtherTypeView | 'live-only';
}

function templateOf({ resource: { type }, rule: { properties }, template }: TemplateFacts) {
  if (template === 'live-only') return { template: undefined, templateType: type };
  if (template && 'locate' in template) return { template: { properties, ...template }, templateType: type };
  const templateType = template?.type ?? type;
  return { template: templateType === ACCOUNT ? undefined : properties, templateType };
}

function byEvent(paths: { readonly [path: string]: readonly string[] }): Control['triggers'] {
  const events: Record<string, string[]> = {};
  for (const [path, names] of Object.entries(paths))
    for (const name of names) events[name] = [...(events[name] ?? []), path];
  return events;
}

export type { LastUse, Mode };
