import ipaddr from 'ipaddr.js';

/**
 * What an address is to a webhook. `public`: anybody's, in the internet. `private`: of this machine or the networks around it, open only to those
 * who host the service for themselves. `never`: no event belongs there, whatever the settings say.
 */
export type AddressKind = 'public' | 'private' | 'never';

/** Where clouds hand credentials to whoever asks from inside. Link-local ones are refused as such; these lie in other ranges. */
const METADATA: ReadonlySet<string> = new Set([
  '168.63.129.16', // Azure, in public address space
  '100.100.100.200', // Alibaba Cloud, in shared address space
  '192.0.0.192', // Oracle Cloud
  'fd00:ec2::254', // AWS
  'fd20:ce::254', // Google Cloud
]);

/** Ranges of the IANA special-purpose registries as ipaddr.js names them; a name that is not here is refused. */
const KINDS: Readonly<Record<string, AddressKind>> = {
  unicast: 'public',
  private: 'private',
  loopback: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
};

/** The only part of IPv6 that is handed out as global unicast (RFC 4291, IANA). */
const GLOBAL_IPV6: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
const MAPPED: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('::ffff:0:0'), 96];
const NAT64: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/** Which kind an address in text form is. What cannot be read (names, zone ids, short forms) is `never`. */
export function addressKind(text: string): AddressKind {
  if (!text.includes(':'))
    return ipaddr.IPv4.isValidFourPartDecimal(text) ? kindOfIpv4(ipaddr.IPv4.parse(text)) : 'never';
  // The URL parser writes every IPv6 in one form; the library reads `::1.2.3.4` as something else than it is.
  const address = `http://[${text}]`;
  if (!URL.canParse(address)) return 'never';
  return kindOfIpv6(ipaddr.IPv6.parse(new URL(address).hostname.slice(1, -1)));
}

function kindOfIpv4(address: ipaddr.IPv4): AddressKind {
  if (METADATA.has(address.toString())) return 'never';
  return KINDS[address.range()] ?? 'never';
}

function kindOfIpv6(address: ipaddr.IPv6): AddressKind {
  // The same machine under another name: a socket of both families shows IPv4 peers so.
  if (address.match(...MAPPED)) return kindOfIpv4(embedded(address));
  // A network without IPv4 reaches it through these. The translator may stand inside, so only public ones.
  if (address.match(...NAT64)) return kindOfIpv4(embedded(address)) === 'public' ? 'public' : 'never';
  if (METADATA.has(address.toString())) return 'never';
  const kind = KINDS[address.range()] ?? 'never';
  return kind === 'public' && !address.match(...GLOBAL_IPV6) ? 'never' : kind;
}

const embedded = (address: ipaddr.IPv6): ipaddr.IPv4 => new ipaddr.IPv4(address.toByteArray().slice(12));

/** Whether an event may go to this address. */
export function addressAllowed(text: string, { allowPrivate }: { readonly allowPrivate: boolean }): boolean {
  const kind = addressKind(text);
  return kind === 'public' || (kind === 'private' && allowPrivate);
}
