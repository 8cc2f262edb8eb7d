import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../lib/evaluate/template/template-error.ts';
import { parse } from '../../lib/evaluate/template/yaml.ts';

describe('short forms of intrinsics', () => {
  it.each([
    ['!Ref A', { Ref: 'A' }],
    ['!Condition A', { Condition: 'A' }],
    ['!GetAtt A.B.C', { 'Fn::GetAtt': ['A', 'B.C'] }],
    ['!GetAtt [A, B]', { 'Fn::GetAtt': ['A', 'B'] }],
    ['!Sub "a-x"', { 'Fn::Sub': 'a-x' }],
    ['!Sub [a, { A: !Ref B }]', { 'Fn::Sub': ['a', { A: { Ref: 'B' } }] }],
    ['!If [C, !Ref A, !Ref "AWS::NoValue"]', { 'Fn::If': ['C', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] }],
    ['!Join ["", [a, !GetAtt A.Arn]]', { 'Fn::Join': ['', ['a', { 'Fn::GetAtt': ['A', 'Arn'] }]] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!Base64 {"Fn::Sub": x}', { 'Fn::Base64': { 'Fn::Sub': 'x' } }],
    ['!ValueOf [Vpc, VpcId]', { 'Fn::ValueOf': ['Vpc', 'VpcId'] }],
    ['!Transform { Name: AWS::Include }', { 'Fn::Transform': { Name: 'AWS::Include' } }],
  ])('%s', (text, value) => expect(parse(`V: ${text}`)).toEqual({ V: value }));
});

describe("CloudFormation's kind of YAML", () => {
  it('is YAML 1.1, with dates as strings', () => {
    expect(parse('A: yes\nB: Off\nC: 2012-10-17\nD: "yes"')).toEqual({ A: true, B: false, C: '2012-10-17', D: 'yes' });
  });

  it('rejects duplicate keys, with their position', () => {
    const read = () => parse('A: 1\nB: 2\nA: 3\n');
    expect(read).toThrow(TemplateError);
    expect(read).toThrow(expect.objectContaining({ position: { line: 3, column: 1 } }));
  });
});
