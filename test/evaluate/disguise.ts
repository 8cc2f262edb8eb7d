import fc from 'fast-check';
import { intrinsic, type Template } from '../../lib/evaluate/template/template.ts';
import type { Json } from '../../lib/model/control.ts';
import { isList, isObject } from '../../lib/model/json.ts';
import { CONDITIONS, PARAMETERS, Ref } from './deployment.ts';

// A template can express the same values in many ways. Here random intrinsic functions replace plain values; each resolves
// to the plain value in one assumed deployment, in the region and with the parameters below.

/** Values by key, from all templates: alternatives that a disguise could also resolve to. */
export type Pool = ReadonlyMap<string, readonly Json[]>;

const NO_VALUE: Json = { Ref: 'AWS::NoValue' };

/** Replaces plain values by random intrinsic functions, chosen by a generator of fast-check. */
export class Disguise {
  readonly #g: fc.GeneratorValue;
  readonly #pool: Pool;
  readonly #parameters: { [name: string]: NonNullable<Template['Parameters']>[string] } = { ...PARAMETERS };
  readonly #names = new Map<string, string>();
  readonly #mappings: { [name: string]: Json } = {};

  constructor(g: fc.GeneratorValue, pool: Pool) {
    this.#g = g;
    this.#pool = pool;
  }

  /** A disguised template; `absent` are resources that do not exist in the assumed deployment. */
  template({ Resources = {}, ...rest }: Template, absent: NonNullable<Template['Resources']>): Template {
    const real = Object.entries(Resources).map(([id, resource]) => {
      const Condition = this.#chance(6) ? { Condition: this.#condition(true) } : {};
      return [id, { ...resource, ...Condition, Properties: this.#within(resource?.Properties ?? {}) }];
    });
    const others = Object.entries(absent).map(([id, resource]) => [
      id,
      { ...resource, Condition: this.#condition(false), Properties: this.#within(resource?.Properties ?? {}) },
    ]);
    const all = this.#chance(2) ? [...real, ...others] : [...others, ...real];
    return {
      ...rest,
      Parameters: { ...rest.Parameters, ...this.#parameters },
      Mappings: this.#mappings,
      Conditions: {
        ...rest.Conditions,
        ...Object.fromEntries(Object.entries(CONDITIONS).map(([name, [condition]]) => [name, condition])),
      },
      Resources: Object.fromEntries(all),
    };
  }

  /** Another value for a key, such as one from another template. */
  other(key: string): Json {
    return this.#of([...(this.#pool.get(key) ?? []), true, false, 'x', 0, 22]);
  }

  #of<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    return this.#g(fc.constantFrom<T[]>, ...items);
  }

  #chance(oneIn: number): boolean {
    return this.#g(fc.nat, { max: oneIn - 1 }) === 0;
  }

  #condition(holds: boolean): string {
    return this.#of(Object.keys(CONDITIONS).filter((name) => CONDITIONS[name]?.[1] === holds));
  }

  #within(value: Json): Json {
    if (intrinsic(value)) return value;
    if (isList(value)) return this.#list(value);
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, item]) => [key, this.#value(key, item ?? null)]);
    for (const key of this.#pool.keys())
      if (!Object.hasOwn(value, key) && this.#chance(40)) entries.push([key, this.#absent(key)]);
    return Object.fromEntries(entries);
  }

  #list(value: readonly Json[], key = ''): Json {
    const items = value.map((item) => this.#value(key, item));
    if (items.length > 0 && this.#chance(6)) items.splice(this.#index(items.length + 1), 0, this.#absent(key, items));
    return items;
  }

  #absent(key: string, items: readonly Json[] = []): Json {
    if (this.#chance(3)) return NO_VALUE;
    return this.#if(NO_VALUE, this.#chance(2) && items.length > 0 ? this.#of(items) : this.other(key));
  }

  #index(length: number): number {
    return this.#g(fc.nat, { max: length - 1 });
  }

  #value(key: string, value: Json): Json {
    const inside = isList(value) ? this.#list(value, key) : this.#within(value);
    return this.#chance(4) ? this.#disguised(key, value, inside) : inside;
  }

  /** The disguised value; the parts of `inside` are disguised already. */
  #disguised(key: string, value: Json, inside: Json): Json {
    const options: (() => Json)[] = [() => this.#if(inside, this.#chance(3) ? NO_VALUE : this.other(key))];
    const isText = typeof value === 'string' && !/\$\{|\{\{/.test(value);
    const isPlain = !isObject(value) && value !== null;
    const isScalar = isPlain && !isList(value);
    const isPlainList = isList(value) && value.length > 0 && value.every((item) => typeof item === 'string');
    if (isPlain && value !== '')
      options.push(
        () => this.#free(value),
        () => this.#imported(),
      );
    if (isObject(value) && !intrinsic(value) && Object.keys(value).length > 0)
      options.push(() => ({ 'Fn::Transform': {} }));
    if (isScalar) {
      options.push(
        () => this.#allowed(key, value),
        () => this.#selected(key, value),
      );
      if (value !== '' && typeof value !== 'string') options.push(() => String(value));
    }
    if (isScalar || isPlainList) options.push(() => this.#mapped(key, value));
    if (value === '') options.push(() => Ref('Empty'));
    if (isText && value.length > 1) options.push(() => this.#joined(key, value));
    if (isPlainList && value.every((item) => item !== '' && !String(item).includes(',')))
      options.push(() => ({ 'Fn::Split': [',', this.#value(key, value.join(','))] }));
    return this.#of(options)();
  }

  #if(value: Json, other: Json): Json {
    const holds = this.#chance(2);
    return { 'Fn::If': [this.#condition(holds), ...(holds ? [value, other] : [other, value])] };
  }

  /** One parameter for each value, wherever it occurs. */
  #free(value: Json): Json {
    const name = this.#named('Value', value);
    this.#parameters[name] = {
      Type: isList(value) ? 'CommaDelimitedList' : 'String',
      Default: this.#of(['x', 'true', 0]),
    };
    return Ref(name);
  }

  /** A name for a value, the same for the same value. */
  #named(kind: string, value: Json): string {
    const key = `${kind} ${JSON.stringify(value)}`;
    const name = this.#names.get(key) ?? `${kind}${this.#names.size}`;
    this.#names.set(key, name);
    return name;
  }

  #imported(): Json {
    return this.#of<Json>([
      { 'Fn::ImportValue': 'other' },
      { 'Fn::GetAtt': ['Other', 'Value'] },
      '{{resolve:ssm:other}}',
      { 'Fn::Sub': `\${AWS::StackName}` },
    ]);
  }

  #allowed(key: string, value: Json): Json {
    const others = Array.from({ length: this.#index(3) }, () => this.other(key));
    const all = [...others.filter((item) => !isObject(item) && !isList(item)), value];
    const name = this.#named('Allowed', all);
    this.#parameters[name] = { Type: 'String', AllowedValues: all };
    return Ref(name);
  }

  #selected(key: string, value: Json): Json {
    const other = this.other(key);
    return this.#chance(2) ? { 'Fn::Select': [0, [value, other]] } : { 'Fn::Select': ['1', [other, value]] };
  }

  #mapped(key: string, value: Json): Json {
    const name = `Map${Object.keys(this.#mappings).length}`;
    const [row, other, by] = this.#chance(2)
      ? ['prod', 'dev', Ref('Stage')]
      : ['eu-west-1', 'us-east-1', Ref('AWS::Region')];
    const alternative = this.other(key);
    const isPlain = !isObject(alternative) && !isList(alternative);
    this.#mappings[name] = { [other]: { it: isPlain ? alternative : 'x' }, [row]: { it: value } };
    return { 'Fn::FindInMap': [name, this.#chance(3) ? row : by, 'it'] };
  }

  #joined(key: string, value: string): Json {
    const at = 1 + this.#index(value.length - 1);
    const parts = [value.slice(0, at), value.slice(at)];
    const [first = '', second = ''] = parts;
    const word = this.#chance(2) ? this.#free(first) : this.#allowed(key, first);
    return this.#of<() => Json>([
      () => ({ 'Fn::Join': ['', [word, second]] }),
      () => ({ 'Fn::Sub': [`\${word}${second}`, { word }] }),
      () => ({ 'Fn::Join': ['', parts] }),
      () => ({ 'Fn::Sub': value }),
    ])();
  }
}
