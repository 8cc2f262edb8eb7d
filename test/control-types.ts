import { defineControl } from '../../lib/control.ts';

const base = {
  id: 'a',
  title: '',
  rationale: '',
  severity: 'low',
  resource: 'AWS::S3::Bucket',
  scope: 'regional',
  frameworks: {},
  detect: { by: 'own-rule' },
  configId: 'id',
  violations: [],
  template: ['A'],
} as const;
type S = { readonly A?: boolean };
// irreversible + auto refused
defineControl({
  ...base,
  triggers: {},
  uses: ['s3'],
  check(_s: S) {
    return 'compliant' as const;
  },
  observe: {
    needs: [],
    async *list() {},
    async read() {
      return {};
    },
  },
  // @ts-expect-error irreversible
  repair: {
    needs: [],
    risk: 'low',
    reversible: false,
    ceiling: 'auto',
    desired: (s) => s,
    async write() {
      return undefined;
    },
  },
});
defineControl({
  ...base,
  triggers: {},
  uses: ['s3'],
  guidance: 'x',
  check(_s: S) {
    return 'compliant' as const;
  },
  // @ts-expect-error needs outside uses
  observe: {
    needs: ['ec2:X'],
    async *list() {},
    async read() {
      return {};
    },
  },
});
defineControl({
  ...base,
  triggers: {},
  uses: ['s3'],
  guidance: 'x',
  check(_s: S) {
    return 'compliant' as const;
  },
  // @ts-expect-error client outside uses
  observe: {
    needs: ['s3:X'],
    async *list() {},
    async read({ ec2 }) {
      return {};
    },
  },
});
// @ts-expect-error neither repair nor guidance
defineControl({
  ...base,
  triggers: {},
  uses: ['s3'],
  check(_s: S) {
    return 'compliant' as const;
  },
  observe: {
    needs: ['s3:X'],
    async *list() {},
    async read() {
      return {};
    },
  },
});
defineControl({
  ...base,
  uses: ['s3'],
  guidance: 'x',
  check(_s: S) {
    return 'compliant' as const;
  },
  // @ts-expect-error trigger outside uses
  triggers: { 'ec2:Foo': 'a' },
  observe: {
    needs: ['s3:X'],
    async *list() {},
    async read() {
      return {};
    },
  },
});
defineControl({
  ...base,
  given: { days: 90, ports: [1, 2] },
  triggers: {},
  uses: ['s3'],
  guidance: 'x',
  check(_s: S, given) {
    const d: number = given.days;
    const p: readonly number[] = given.ports;
    return d && p ? 'compliant' : 'compliant';
  },
  observe: {
    needs: ['s3:X'],
    async *list() {},
    async read() {
      return {};
    },
  },
});
