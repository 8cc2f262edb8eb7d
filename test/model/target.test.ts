import { expect, it } from 'vitest';
import { queue } from '../../controls/sqs/queue.ts';
import { interpolate } from '../../lib/model/target.ts';

it.each([
  ['aws', 'eu-west-1', 'https://sqs.eu-west-1.amazonaws.com/111111111111/orders'],
  ['aws-us-gov', 'us-gov-west-1', 'https://sqs.us-gov-west-1.amazonaws.com/111111111111/orders'],
  ['aws-cn', 'cn-north-1', 'https://sqs.cn-north-1.amazonaws.com.cn/111111111111/orders'],
])('in %s the physical id of a queue names the domain of the partition', (partition, region, url) => {
  expect(interpolate(queue.physicalId ?? '', { partition, region, account: '111111111111', id: 'orders' })).toBe(url);
});
