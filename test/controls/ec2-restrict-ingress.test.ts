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

describe('the access through a security group after a repair', () => {
  it('is closed to the internet on sensitive ports', () =>
    onRepairs((_before, after) => {
      for (const way of after.values())
        expect(isSensitive(way) && WIDE.includes(way.source), JSON.stringify(way)).toBe(false);
    }));

  it('is removed only for the internet on sensitive ports', () =>
    onRepairs((before, after) => {
      for (const [key, way] of before)
        if (!isSensitive(way) || !WIDE.includes(way.source)) expect(after.has(key), `lost ${key}`).toBe(true);
    }));

  it('is not extended, not even for sources of another rule', () =>
    onRepairs((before, after) => {
      for (const key of after.keys()) expect(before.has(key), `gained ${key}`).toBe(true);
    }));

  it('admits the same packets, except from the internet to sensitive ports', () =>
    onRepairs((before, after) => {
      const narrow = [...before.values()].filter(({ source }) => NARROW.includes(source));
      for (const address of ADDRESSES)
        for (const port of [21, 22, 443])
          expect(letsIn(after.values(), 'tcp', port, address), `tcp ${port} from ${address}`).toBe(
            letsIn(port === 22 ? narrow : before.values(), 'tcp', port, address),
          );
    }));

  it('needs at most 60 rules instead of a rule for all protocols and addresses', () => {
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
