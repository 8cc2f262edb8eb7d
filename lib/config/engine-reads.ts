/** What the engine itself reads in a governed account, whatever the control; each step's session has only its own of them. */
export const engineReads = {
  locate: ['config:BatchGetResourceConfig'],
  context: ['cloudformation:DescribeStackResources', 'cloudformation:GetTemplate'],
  tags: ['tag:GetResources'],
  reevaluate: ['config:StartConfigRulesEvaluation'],
} as const;

/** All of them, for the observer role. */
export const ENGINE_READS: readonly string[] = Object.values(engineReads).flat();
