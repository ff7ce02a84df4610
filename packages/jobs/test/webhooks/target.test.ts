import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addressAllowed, addressKind } from '../../src/webhooks/address.ts';
import { readTarget } from '../../src/webhooks/target.ts';
import { GOOD, REFUSED_AT_CREATION, REFUSED_WHEN_SENT } from './hostile.ts';

const PUBLIC = { allowPrivate: false };
const PRIVATE = { allowPrivate: true };

describe('readTarget', () => {
  for (const [group, targets] of Object.entries(REFUSED_AT_CREATION))
    it(`refuses ${group}`, () => {
      for (const target of targets) {
        const { url, problems } = readTarget(target, PUBLIC);
        assert.equal(url, null, String(target));
        assert.ok(problems.length > 0);
        for (const problem of problems) assert.match(problem, /^webhook_url \S/);
        assert.ok(!problems.join().includes('secret'), 'credentials are not repeated');
      }
    });

  it('names everything that is wrong at once, with what to do', () => {
    const { problems } = readTarget('http://me:pw@127.1:6379/#x', PUBLIC, 'alert_url');
    assert.deepEqual(problems, [
      'alert_url starts with http; only https is allowed',
      'alert_url has credentials in it; check the signature of what you receive instead',
      'alert_url uses port 6379; 443 and 8443 are allowed',
      'alert_url points at 127.0.0.1, which is not a public address',
      'alert_url writes its host in another form than 127.0.0.1; use that',
      'alert_url has a fragment (#...), which is never sent; leave it out',
    ]);
  });

  it('takes honest targets', () => {
    for (const target of GOOD) {
      const { url, problems } = readTarget(target, PUBLIC);
      assert.deepEqual(problems, [], target);
      assert.equal(url?.href, new URL(target).href);
    }
  });

  it('takes names whose addresses only show when an event is sent', () => {
    for (const name of Object.keys(REFUSED_WHEN_SENT))
      assert.deepEqual(readTarget(`https://${name}/`, PUBLIC).problems, []);
  });

  it('takes private targets and plain http where the setting says so, and still nothing that only an attacker wants', () => {
    for (const target of [
      'http://127.0.0.1:9000/hook',
      'http://localhost:3000/',
      'https://10.0.0.5/',
      'http://n8n/hook',
      'http://[::1]:8080/',
      'http://100.64.0.7/',
      'http://[fd00::5]/',
    ])
      assert.deepEqual(readTarget(target, PRIVATE).problems, [], target);
    for (const target of [
      'http://169.254.169.254/',
      'http://[fd00:ec2::254]/',
      'http://100.100.100.200/',
      'http://168.63.129.16/',
      'http://[fe80::1]/',
      'http://0.0.0.0/',
      'http://[::]/',
      'http://224.0.0.1/',
      'http://255.255.255.255/',
      'http://127.1/',
      'http://u:p@localhost/',
      'ftp://localhost/',
      'http://[::ffff:169.254.169.254]/',
    ])
      assert.notDeepEqual(readTarget(target, PRIVATE).problems, [], target);
  });
});

describe('addressKind', () => {
  it('refuses every address of the table of names', () => {
    for (const [name, addresses] of Object.entries(REFUSED_WHEN_SENT))
      assert.ok(!addresses.every((address) => addressAllowed(address, PUBLIC)), name);
  });

  it('is the same for an IPv4 address and for its IPv6 form', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => assert.equal(addressKind(`::ffff:${address}`), addressKind(address))),
    );
  });

  it('takes no IPv6 address outside 2000::/3 but the well-known ways to public IPv4', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        if (addressKind(address) !== 'public') return;
        const canonical = new URL(`http://[${address}]`).hostname;
        assert.match(canonical, /^\[(?:[23][0-9a-f]{3}:|64:ff9b::|::ffff:)/);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no text that is no address', () => {
    for (const text of [
      '',
      'localhost',
      '127.1',
      '0x7f.0.0.1',
      '1.2.3',
      '1.2.3.4.5',
      'fe80::1%eth0',
      '1.1.1.1%1',
      '::g',
      '[::1]',
      '010.8.8.8',
      '1.1.1.1 ',
    ])
      assert.equal(addressKind(text), 'never', text);
  });

  it('agrees with the edges of the private ranges', () => {
    const edges = {
      '9.255.255.255': 'public',
      '10.0.0.0': 'private',
      '11.0.0.0': 'public',
      '172.15.255.255': 'public',
      '172.16.0.0': 'private',
      '172.32.0.0': 'public',
      '192.167.255.255': 'public',
      '192.168.0.0': 'private',
      '100.63.255.255': 'public',
      '100.64.0.0': 'private',
      '100.128.0.0': 'public',
      '126.255.255.255': 'public',
      '128.0.0.0': 'public',
      '169.253.255.255': 'public',
      '169.254.0.0': 'never',
      '169.255.0.0': 'public',
      '198.17.255.255': 'public',
      '198.18.0.0': 'never',
      '198.20.0.0': 'public',
      '223.255.255.255': 'public',
      '224.0.0.0': 'never',
      'fbff::1': 'never',
      'fc00::': 'private',
      'fe00::': 'never',
      '2001:200::1': 'public',
      '2001:1ff::1': 'never',
      '2002::1': 'never',
      '2003::1': 'public',
      '3ffe:ffff::1': 'public',
    };
    for (const [address, kind] of Object.entries(edges)) assert.equal(addressKind(address), kind, address);
  });
});
