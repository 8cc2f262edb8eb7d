import type { Template } from '../../lib/evaluate/template/template.ts';

/** Parses a template as CloudFormation stores it, in JSON or YAML. */
export async function templateOf(body: string): Promise<Template> {
  const template: unknown = /^\s*\{/.test(body)
    ? JSON.parse(body)
    : (await import('../../lib/evaluate/template/yaml.ts')).parse(body); // loaded only for YAML
  return template as Template; // CloudFormation accepted it, and the evaluator checks every shape
}
