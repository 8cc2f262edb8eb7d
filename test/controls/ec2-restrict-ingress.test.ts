import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ec2RestrictIngress } from '../../controls/ec2/ec2-restrict-ingress.ts';
import { closed } from '../../controls/ec2/ingress/cut.ts';
import { ADDRESSES, groups, letsIn, NARROW, PORTS, WIDE, waysIn } from './ingress-access.ts';

const isSensitive = ({ protocol, port }: { protocol: string; port: number }) =>
  (protocol === 'tcp' || protocol === 'udp') && PORTS.includes(port);

/** Runs a property over groups before and after their repair. */
const onRepairs = (holds: (before: ReturnType<typeof waysIn>, after: ReturnType<typeof waysIn>) => void) =>
  fc.assert(
    fc.property(groups, (group) => holds(waysIn(group), waysIn(closed(group, PORTS)))),
    { numRuns: 500 },
  );

describe('what a repair does to the ways into a security group', () => {
  it('leaves no sensitive port to the world', () =>
    onRepairs((_before, after) => {
      for (const way of after.values())
        expect(isSensitive(way) && WIDE.includes(way.source), JSON.stringify(way)).toBe(false);
    }));

  it('takes nothing but sensitive ports from the world', () =>
    onRepairs((before, after) => {
      for (const [key, way] of before)
        if (!isSensitive(way) || !WIDE.includes(way.source)) expect(after.has(key), `lost ${key}`).toBe(true);
    }));

  it('opens nothing, not even to those who could come in by another rule', () =>
    onRepairs((before, after) => {
      for (const key of after.keys()) expect(before.has(key), `gained ${key}`).toBe(true);
    }));

  it('lets the same packets in, but for those of the world to sensitive ports', () =>
    onRepairs((before, after) => {
      const narrow = [...before.values()].filter(({ source }) => NARROW.includes(source));
      for (const address of ADDRESSES)
        for (const port of [21, 22, 443])
          expect(letsIn(after.values(), 'tcp', port, address), `tcp ${port} from ${address}`).toBe(
            letsIn(port === 22 ? narrow : before.values(), 'tcp', port, address),
          );
    }));

  it('takes no more than 60 rules for every protocol from everywhere, with the ports of the control', () => {
    const everything = {
      SecurityGroupIngress: [
        { IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
        { IpProtocol: '-1', CidrIpv6: '::/0' },
      ],
    };
    const { SecurityGroupIngress = [] } = closed(everything, ec2RestrictIngress.parameters.ports as readonly number[]);
    expect(SecurityGroupIngress.length).toBeGreaterThan(2);
    expect(SecurityGroupIngress.length).toBeLessThanOrEqual(60);
  });
});
