import { type Control, defineResource, type State } from '../../lib/model/index.ts';
import { stubControl } from '../controls/stub-control.ts';
import { target } from './hub.ts';

type Rules = { readonly Rules?: readonly string[] };

/** The resources of a governed account, and how AWS behaves, as a test scripts them. No rule of a resource may be open. */
export class LiveResources {
  /** The states by region and id; a resource without a state is deleted. */
  readonly states = new Map<string, State | undefined>();
  /** The results of the next reads, in place of the state. */
  stale: (State | undefined)[] = [];
  /** The ids of resources that cannot be read. */
  denied: string[] = [];
  /** Breaks off every list at its end. */
  breaksOff: Error | undefined;
  readonly writes: State[] = [];
  /** The effect of a write; by default it stores the state. */
  onWrite: (state: State, times: number) => 'pending' | undefined = (state) => this.store(state);

  /** The state of the resource of most tests. */
  get live(): State | undefined {
    return this.states.get(key(target));
  }
  set live(state: State | undefined) {
    this.states.set(key(target), state);
  }

  store(state: State | undefined): undefined {
    this.live = state;
  }

  /** Replaces the resources of a region by ones in violation. */
  violate(region: string, ...ids: readonly string[]): void {
    for (const known of this.states.keys()) if (known.startsWith(`${region}/`)) this.states.delete(known);
    for (const id of ids) this.states.set(`${region}/${id}`, { Rules: ['open'] });
  }

  async read(place: Place): Promise<State | undefined> {
    if (this.denied.includes(place.id)) throw new Error('AccessDenied');
    return this.stale.length > 0 ? this.stale.shift() : this.states.get(key(place));
  }

  /** The control on these resources, changed as a test needs it. */
  control(changes: Parameters<typeof stubControl<Rules>>[0] = {}): Control {
    const { repair, ...facts } = changes;
    const resources = this;
    const type = defineResource({
      type: 'AWS::EC2::SecurityGroup',
      services: [],
      arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{id}',
      properties: {},
      list: {
        actions: [],
        async *all(_clients, { region }) {
          for (const known of resources.states.keys()) if (known.startsWith(`${region}/`)) yield { id: idIn(known) };
          if (resources.breaksOff) throw resources.breaksOff;
        },
      },
      facets: { rules: { actions: [], read: (_clients, place) => resources.read(place) } },
    });
    return stubControl<Rules>({
      id: 'rules',
      severity: 'high',
      services: [],
      resource: type.type,
      arn: type.arn,
      type,
      facets: ['rules'],
      state: (facets) => Reflect.get(facets, 'rules'),
      check: ({ Rules = [] }) => (Rules.includes('open') ? { violation: 'A rule is open.' } : 'compliant'),
      observe: {
        list: (_clients, place) => type.list.all({}, place),
        read: (_clients, place) => resources.read(place),
      },
      ...facts,
      repair: {
        verifyWithin: 1,
        desired: ({ Rules = [] }) => ({ Rules: Rules.flatMap((rule) => (rule === 'open' ? ['low', 'high'] : [rule])) }),
        write: async (_clients, _target, state) => {
          resources.writes.push(state);
          return resources.onWrite(state, resources.writes.length);
        },
        ...repair,
      },
    });
  }
}

interface Place {
  readonly region: string;
  readonly id: string;
}

const key = ({ region, id }: Place) => `${region}/${id}`;
const idIn = (known: string) => known.slice(known.indexOf('/') + 1);
