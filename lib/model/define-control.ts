import type { Caution, Control, Detection, Parameters, Reversibility, Risk, Severity, Verdict } from './control.ts';
import { type ErasedDefinition, engineRepair } from './engine-repair.ts';
import type { Framework } from './frameworks.ts';
import { type ErasedResource, observationOf } from './observation.ts';
import { defaultsIn, type ParameterDeclarations, requiredIn, type ValuesOf } from './parameter.ts';
import type { Properties, StateOf } from './property.ts';
import {
  ACCOUNT,
  type Clients,
  type ControlTarget,
  type IamAction,
  type ResourceType,
  type ServiceName,
} from './resource-type.ts';
import type { OtherTypeView, State, TemplateView } from './template-view.ts';

/** The rule of a control: the properties that it needs, and its verdict on them. */
interface Rule<P, Names extends keyof P, G> {
  /** The properties of the resource type that the state consists of. */
  readonly properties: readonly Names[];
  /** Properties that a template must set: `check` sees their absence and not AWS's default. */
  readonly explicit?: readonly NoInfer<Names>[];
  /** Evaluates a state: pure, the same at synth, in a template and in an account. */
  check(state: StateOf<P, NoInfer<Names>>, parameters: NoInfer<G>, now: Date): Verdict;
  /** Example states that `check` refuses. */
  readonly violationExamples: readonly StateOf<P, NoInfer<Names>>[];
  /** The nearest compliant state, if it follows from the rule. */
  desired?(state: StateOf<P, NoInfer<Names>>): StateOf<P, NoInfer<Names>>;
}

/** The properties that a repair may set: all except secrets. */
type Writable<P, Names extends keyof P> = {
  readonly [N in Names as P[N] extends { readonly secret: true } ? never : N]?: StateOf<P, Names>[N];
} & { readonly [N in Names as P[N] extends { readonly secret: true } ? N : never]?: never };

interface RepairParts<Services extends ServiceName, Facets, P, Names extends keyof P, G, Known extends keyof Facets> {
  /** Exactly the IAM actions that `write` needs beyond the facets' own. */
  readonly actions: readonly IamAction<Services>[];
  readonly verifyWithin?: number;
  readonly replaces?: true;
  /** The nearest compliant state: pure and never less strict; called only for a violation. Optional if the rule has one. */
  desired?(state: StateOf<P, Names>, parameters: G, now: Date): Writable<P, Names>;
  /**
   * Changes the resource from the state just read to `state`, and adds before it removes; returns `'pending'` if AWS
   * accepted the change and still applies it. It must be idempotent, work for a rollback and change nothing else.
   */
  write(
    clients: Clients<Services>,
    target: ControlTarget,
    state: StateOf<P, Names>,
    from: StateOf<P, Names>,
  ): Promise<'pending' | undefined> | Promise<void>;
  arns?(target: ControlTarget, parameters: G): readonly string[];
  region?(state: StateOf<P, Names>): string | undefined;
  /** Facets outside the state that `caution` needs. If one cannot be read, the repair is treated with caution. */
  readonly circumstances?: readonly Known[];
  caution?(
    state: StateOf<P, Names>,
    desired: StateOf<P, Names>,
    circumstances: Pick<Facets, Known>,
  ): Caution | undefined;
}

/** A control as an author declares it. */
export type Definition<
  Services extends ServiceName,
  Facets,
  P extends Properties,
  Used extends keyof Facets,
  Names extends keyof P & string,
  G extends ParameterDeclarations,
  Known extends keyof Facets,
> = {
  /** In kebab case and equal to the file name. */
  readonly id: string;
  readonly title: string;
  /** The risk of a violation, in one or two sentences. */
  readonly rationale: string;
  readonly severity: Severity;
  readonly frameworks: { readonly [F in Framework]?: readonly string[] };
  /** The parameters, each with its default or as `required`. */
  readonly parameters?: G;
  readonly resource: ResourceType<Services, Facets, P>;
  /** The facets that the state is built from. */
  readonly facets: readonly Used[];
  /** Builds the state from the facets; `undefined` if the control does not apply to the resource. */
  state(
    facets: Pick<NoInfer<Facets>, NoInfer<Used>>,
    target: ControlTarget,
  ): StateOf<NoInfer<P>, NoInfer<Names>> | undefined;
  readonly rule: Rule<NoInfer<P>, Names, ValuesOf<NoInfer<G>>>;
  /**
   * The place of the state in a template: the resource's own properties by default, other resources (`locate`), the
   * properties of another type, or none (`live-only`).
   */
  readonly template?: TemplateView<StateOf<NoInfer<P>, NoInfer<Names>>> | OtherTypeView | 'live-only';
  /** A custom rule by default. */
  readonly detect?: Detection<ValuesOf<NoInfer<G>>>;
  /**
   * CloudTrail events, as `service:EventName`, by the dotted path of the resource's id in the event's detail. `*` stands
   * for every list item; the paths of one event are tried in order; `account` stands for the account itself.
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
 * Declares a control. The compiler rejects an IAM action or client of a service that the resource type does not name, an
 * unknown property, a secret in `desired`, an irreversible automatic repair and a high risk without a grace period.
 *
 * @throws TypeError when neither the rule nor the repair declares the desired state
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
  const { rule, resource, facets, triggers, repair, detect = { by: 'custom-rule' }, parameters, ...facts } = definition;
  const requiredParameters = requiredIn(parameters ?? {});
  // The engine passes only the clients, facets, parameters and states that the definition itself names.
  const engine = { ...rule, ...facts, repair } as unknown as ErasedDefinition;
  const erased: ErasedResource = resource;
  const check = (state: State, values: Parameters, now: Date) => engine.check(state, values, now);
  const { type, properties, services, configType = type, ...identity } = resource;
  return {
    ...facts,
    ...identity,
    parameters: defaultsIn(parameters ?? {}),
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
    ...templateOf(type, rule.properties, definition.template),
    detect,
    triggers: byEvent(triggers),
    observe: observationOf(erased, facets as readonly string[], engine.state), // facets have string names
    ...(repair && { repair: engineRepair(engine, erased) }),
  } as unknown as Control<Services, StateOf<P, Names>>; // built field by field from a definition with these type parameters
}

/** Where a template has the state, as the evaluator reads it. */
function templateOf<S extends State>(
  type: string,
  properties: readonly string[],
  template: TemplateView<S> | OtherTypeView | 'live-only' | undefined,
) {
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
