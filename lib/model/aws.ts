/** The partition of a region, from the region's prefix. */
export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

/** The region in which a partition's global services publish their CloudTrail events. */
export const globalRegionOf = (region: string): string =>
  ({ aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' })[partitionOf(region)] ?? region;

/** The domain of AWS's endpoints in a partition. */
export const urlSuffixOf = (partition: string): string =>
  partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';

/**
 * Whether X-Ray traces Lambda functions in a partition; it does not in China.
 * @see https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html
 */
export const lambdaHasTraces = (partition: string): boolean => partition !== 'aws-cn';
