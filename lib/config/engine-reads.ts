/** The AWS actions with which the engine reads governed accounts for any control; the session of a step allows one group. */
export const engineReads = {
  locate: ['config:BatchGetResourceConfig'],
  context: ['cloudformation:DescribeStackResources', 'cloudformation:GetTemplate'],
  tags: ['tag:GetResources'],
  reevaluate: ['config:StartConfigRulesEvaluation'],
} as const;

/** The actions of all groups, for the observer role. */
export const ENGINE_READS: readonly string[] = Object.values(engineReads).flat();
