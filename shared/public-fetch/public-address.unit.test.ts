import { describe, expect, it } from 'vitest';
import { addressLiteral, isPublicAddress } from './public-address.ts';

describe('isPublicAddress', () => {
  // Each special range of the IANA registry by its first and last address, and its neighbours outside where those are public.
  it.each([
    ['this network', '0.0.0.0', '0.255.255.255', [null, '1.0.0.0']],
    ['private, 10', '10.0.0.0', '10.255.255.255', ['9.255.255.255', '11.0.0.0']],
    ['shared by carriers', '100.64.0.0', '100.127.255.255', ['100.63.255.255', '100.128.0.0']],
    ['loopback', '127.0.0.0', '127.255.255.255', ['126.255.255.255', '128.0.0.0']],
    ['link-local', '169.254.0.0', '169.254.255.255', ['169.253.255.255', '169.255.0.0']],
    ['private, 172.16', '172.16.0.0', '172.31.255.255', ['172.15.255.255', '172.32.0.0']],
    ['protocol assignments', '192.0.0.0', '192.0.0.255', ['191.255.255.255', '192.0.1.0']],
    ['documentation, 1', '192.0.2.0', '192.0.2.255', ['192.0.1.255', '192.0.3.0']],
    ['6to4 relays', '192.88.99.0', '192.88.99.255', ['192.88.98.255', '192.88.100.0']],
    ['private, 192.168', '192.168.0.0', '192.168.255.255', ['192.167.255.255', '192.169.0.0']],
    ['benchmarking', '198.18.0.0', '198.19.255.255', ['198.17.255.255', '198.20.0.0']],
    ['documentation, 2', '198.51.100.0', '198.51.100.255', ['198.51.99.255', '198.51.101.0']],
    ['documentation, 3', '203.0.113.0', '203.0.113.255', ['203.0.112.255', '203.0.114.0']],
    ['multicast', '224.0.0.0', '239.255.255.255', ['223.255.255.255', null]],
    ['reserved, broadcast', '240.0.0.0', '255.255.255.255', [null, null]],
    ['unspecified, loopback, IPv4-compatible', '::', '::ffff:ffff', [null, null]],
    ['IPv4-mapped', '::ffff:0:0', '::ffff:255.255.255.255', [null, null]],
    ['IPv4-translated', '::ffff:0:0:0', '::ffff:0:255.255.255.255', [null, null]],
    ['NAT64', '64:ff9b::', '64:ff9b::255.255.255.255', [null, null]],
    ['NAT64, local', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff', [null, null]],
    ['discard, dummy', '100::', '100::1:ffff:ffff:ffff:ffff', [null, null]],
    ['below what is given out', '0:1::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, '2000::']],
    [
      'Teredo, ORCHID and other protocols',
      '2001::',
      '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff',
      ['2000::', '2001:200::'],
    ],
    ['documentation', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', ['2001:db7:ffff::', '2001:db9::']],
    ['6to4', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff', ['2001:ffff::1', '2003::']],
    ['documentation, large', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff', ['3ffe:ffff::', '3fff:1000::']],
    ['beyond what is given out', '4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', ['3fff:ffff::', null]],
    ['segment routing', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, null]],
    ['not given out', '6000::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, null]],
    ['unique local', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, null]],
    ['link-local', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, null]],
    ['site-local', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, null]],
    ['multicast', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', [null, null]],
  ] as const)('%s: from %s to %s', (_name, first, last, neighbours) => {
    expect([first, last].map(isPublicAddress)).toEqual([false, false]);
    for (const neighbour of neighbours) {
      if (neighbour !== null) expect(isPublicAddress(neighbour), neighbour).toBe(true);
    }
  });

  it.each([
    '169.254.169.254',
    'fd00:ec2::254',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::FFFF:0A00:0001',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '2A00:1450:4001:82A::200E', '2620:fe::fe'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '',
    'example.com',
    '8.8.8',
    '8.8.8.8.8',
    '8.8.8.256',
    '08.8.8.8',
    '0x8.8.8.8',
    '134744072',
    '8.8.8.8 ',
    '8.8.8.8\n',
    '8.8.8.8/32',
    '2606:4700:4700::1111%eth0',
    '2606:4700:4700::1111/128',
    '[2606:4700:4700::1111]',
    '2606:::1',
    '2606:4700',
    '٨.8.8.8',
  ])('%j is nothing that can be judged, so it is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

it('tells a host that is an address from one that is a name', () => {
  expect(addressLiteral('93.184.215.14')).toBe('93.184.215.14');
  expect(addressLiteral('[2606:4700:4700::1111]')).toBe('2606:4700:4700::1111');
  expect(addressLiteral('1.2.3.4.example.com')).toBeNull();
});
